package dev.slipway.hooks.deploy;

import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.kube.Events;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.kube.PodLog;
import dev.slipway.hooks.kube.PodTrouble;
import dev.slipway.hooks.kube.Signal;
import dev.slipway.hooks.report.PushScreen;
import dev.slipway.hooks.workload.Pods;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Awaits the rollouts of several workloads at once, and shows how they get on. */
final class Rollouts {
  private static final Logger log = LoggerFactory.getLogger(Rollouts.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LOG_LINES = 10;
  private static final int EVENTS = 5;

  private final KubernetesClient client;
  private final Clock clock;
  private final PipelineSettings settings;

  Rollouts(KubernetesClient client, Clock clock, PipelineSettings settings) {
    this.client = client;
    this.clock = clock;
    this.settings = settings;
  }

  /**
   * Returns when all are healthy.
   *
   * @throws RolloutFailedException as soon as one is seen to fail; what its pods say has been shown
   */
  void await(List<ImageChange> changes, Duration timeout, PushScreen screen)
      throws RolloutFailedException, InterruptedException {
    Signal signal = new Signal();
    List<RolloutWatch> watches = new ArrayList<>();
    try {
      for (ImageChange change : changes) {
        change
            .live()
            .selector()
            .map(selector -> new RolloutWatch(client, clock, change, selector, signal))
            .ifPresent(watches::add);
      }
      await(watches, signal, timeout, screen);
    } finally {
      watches.forEach(RolloutWatch::close);
      changes.forEach(change -> screen.arrived(change.key()));
    }
  }

  private void await(List<RolloutWatch> watches, Signal signal, Duration timeout, PushScreen screen)
      throws RolloutFailedException, InterruptedException {
    List<RolloutWatch> pending = new ArrayList<>(watches);
    Map<String, String> shown = new HashMap<>();
    while (true) {
      for (RolloutWatch watch : List.copyOf(pending)) {
        String key = watch.change().key();
        switch (RolloutDecision.decide(watch.look(), settings, timeout)) {
          case RolloutState.Healthy(String end) -> {
            pending.remove(watch);
            screen.arrived(key);
            screen.detail(key + ": " + end);
          }
          case RolloutState.Stuck(Pod pod) -> replace(pod, key, shown, screen);
          case RolloutState.Progressing(String progress, String on) -> {
            screen.waitingFor(key, "%s: %s".formatted(key, on));
            if (!progress.isEmpty() && !progress.equals(shown.put(key, progress))) {
              screen.detail(key + ": " + progress);
            }
          }
          case RolloutState.Failed(String reason, String sentence) -> {
            explain(watch, key, screen);
            throw new RolloutFailedException(reason, key + " " + sentence);
          }
        }
      }
      if (pending.isEmpty()) {
        return;
      }
      signal.await(LOOK);
    }
  }

  /** Shows what the first new pod that is not well has to say; one without a node has no log. */
  private void explain(RolloutWatch watch, String key, PushScreen screen)
      throws InterruptedException {
    Optional<Pod> unwell = watch.newPods().stream().filter(it -> !Pods.isReady(it)).findFirst();
    if (unwell.isEmpty()) {
      return;
    }
    Pod pod = unwell.get();
    List<Event> warnings =
        Events.about(client, pod).stream()
            .filter(event -> "Warning".equals(event.getType()))
            .toList();
    warnings.stream()
        .skip(Math.max(0, warnings.size() - EVENTS))
        .forEach(
            event ->
                screen.detail(
                    "%s: %s: %s"
                        .formatted(key, event.getReason(), PlainText.oneLine(event.getMessage()))));
    List<ContainerStatus> unready =
        PodTrouble.statuses(pod).filter(status -> !Boolean.TRUE.equals(status.getReady())).toList();
    for (ContainerStatus status : unready) {
      for (String line : new PodLog(client).tail(pod, status, LOG_LINES)) {
        screen.detail("%s: %s | %s".formatted(key, status.getName(), line));
      }
    }
  }

  /** Deletes a pod that its controller would wait for without end, so that it is made anew. */
  private void replace(Pod pod, String key, Map<String, String> shown, PushScreen screen)
      throws RolloutFailedException {
    String name = pod.getMetadata().getName();
    try {
      // In the state that was judged, and no other: its successor has the same name.
      client.resource(pod).lockResourceVersion().delete();
      if (shown.put(key + " " + name, pod.getMetadata().getUid()) == null) {
        screen.detail(
            "%s: pod %s is not ready and holds up the others, so it is made anew"
                .formatted(key, name));
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new RolloutFailedException(
            "PodStuck",
            "%s waits for its pod %s, which is not ready and must be deleted by hand: kubectl delete pod %s."
                .formatted(key, name, name));
      }
      log.debug("Pod {} has changed or cannot be deleted just now", name, e);
    }
  }
}
