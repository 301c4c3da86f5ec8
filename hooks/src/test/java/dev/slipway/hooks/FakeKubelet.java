package dev.slipway.hooks;

import dev.slipway.hooks.kube.Labels;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Plays the states of pods, without running anything. */
final class FakeKubelet implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);
  static final String NODE = "fake";

  private final KubernetesClient client;
  private final Function<Pod, Build> builds;
  private final Map<String, Instant> starts = new ConcurrentHashMap<>();
  private final Thread thread;

  /**
   * How a build or a hook goes.
   *
   * @param log of the container
   * @param message of its termination
   */
  record Build(List<String> log, int exitCode, String message, Duration time) {}

  FakeKubelet(KubernetesClient client, Function<Pod, Build> builds) {
    this.client = client;
    this.builds = builds;
    Map<String, Quantity> room =
        Map.of("cpu", new Quantity("8"), "memory", new Quantity("8Gi"), "pods", new Quantity("99"));
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(NODE)
                .endMetadata()
                .withNewStatus()
                .withAllocatable(room)
                .withCapacity(room)
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build())
        .create();
    this.thread = Thread.ofVirtual().start(this::run);
  }

  /** What the container of a pod has said so far; only those of Jobs say anything. */
  List<String> log(String uid) {
    return client.pods().inAnyNamespace().list().getItems().stream()
        .filter(pod -> pod.getMetadata().getUid().equals(uid))
        .filter(FakeKubelet::isJob)
        .findFirst()
        .map(pod -> builds.apply(pod).log())
        .orElse(List.of());
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        for (Pod pod : client.pods().inNamespace("default").list().getItems()) {
          try {
            play(pod);
          } catch (KubernetesClientException e) {
            // Gone or changed meanwhile: the next round sees it.
          }
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException | KubernetesClientException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void play(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      client.resource(pod).withGracePeriod(0).delete();
      return;
    }
    if (pod.getSpec().getNodeName() == null) {
      return;
    }
    Instant start = starts.computeIfAbsent(pod.getMetadata().getUid(), uid -> Instant.now());
    Duration age = Duration.between(start, Instant.now());
    if (isJob(pod)) {
      Build build = builds.apply(pod);
      ContainerState fetched = ended(0, "");
      if (age.compareTo(Duration.ofMillis(300)) < 0) {
        status(pod, "Pending", running(), waiting("PodInitializing", ""), false);
      } else if (age.compareTo(build.time()) < 0) {
        status(pod, "Running", fetched, running(), true);
      } else {
        String phase = build.exitCode() == 0 ? "Succeeded" : "Failed";
        status(pod, phase, fetched, ended(build.exitCode(), build.message()), false);
      }
      return;
    }
    String image = pod.getSpec().getContainers().getFirst().getImage();
    if (image.contains("@sha256:bad")) {
      String message = "failed to pull " + image + ": not found";
      status(pod, "Pending", null, waiting("ErrImagePull", message), false);
    } else if (image.endsWith(":never-ready")) {
      status(pod, "Running", null, running(), false);
    } else if (age.compareTo(Duration.ofMillis(300)) > 0) {
      status(pod, "Running", null, running(), true);
    }
  }

  private static boolean isJob(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels.containsKey(Labels.BUILD) || labels.containsKey(Labels.HOOK);
  }

  private void status(
      Pod pod,
      String phase,
      @org.jspecify.annotations.Nullable ContainerState init,
      ContainerState main,
      boolean ready) {
    PodStatusBuilder status = new PodStatusBuilder(pod.getStatus()).withPhase(phase);
    if (init != null && !pod.getSpec().getInitContainers().isEmpty()) {
      status.withInitContainerStatuses(
          container(pod.getSpec().getInitContainers().getFirst().getName(), init, false));
    }
    status.withContainerStatuses(
        container(pod.getSpec().getContainers().getFirst().getName(), main, ready));
    status.removeMatchingFromConditions(condition -> "Ready".equals(condition.getType()));
    status.addToConditions(
        new PodConditionBuilder()
            .withType("Ready")
            .withStatus(ready ? "True" : "False")
            .withLastTransitionTime(pod.getMetadata().getCreationTimestamp())
            .build());
    Pod next = client.resource(pod).get();
    if (next != null && !status.build().equals(next.getStatus())) {
      next.setStatus(status.build());
      client.resource(next).updateStatus();
    }
  }

  private static ContainerStatus container(String name, ContainerState state, boolean ready) {
    return new ContainerStatusBuilder()
        .withName(name)
        .withState(state)
        .withReady(ready)
        .withRestartCount(0)
        .withImage("")
        .withImageID("")
        .build();
  }

  private static ContainerState running() {
    return new ContainerStateBuilder().withNewRunning().endRunning().build();
  }

  private static ContainerState waiting(String reason, String message) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message)
        .endWaiting()
        .build();
  }

  private static ContainerState ended(int exitCode, String message) {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(exitCode)
        .withReason(exitCode == 0 ? "Completed" : "Error")
        .withMessage(message)
        .endTerminated()
        .build();
  }
}
