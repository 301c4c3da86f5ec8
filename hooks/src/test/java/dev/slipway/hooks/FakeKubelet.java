package dev.slipway.hooks;

import dev.slipway.hooks.kube.Labels;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Plays the states of pods, without running anything. */
final class FakeKubelet implements AutoCloseable {
  static final String NODE = "fake";

  /** How long a pod is in each state. */
  private static final Duration STEP = Duration.ofMillis(100);

  private final KubernetesClient client;
  private final Function<Pod, Optional<Run>> runs;
  private final Map<String, Instant> starts = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kubelet").factory());
  private final SharedIndexInformer<Pod> pods;

  /**
   * How a build or a hook goes.
   *
   * @param log of the container
   * @param message of its termination
   * @param held whether it does not end yet
   */
  record Run(List<String> log, int exitCode, String message, boolean held) {}

  /**
   * @param runs asked about each pod of a Job, again and again; empty for one that somebody else
   *     plays
   */
  FakeKubelet(KubernetesClient client, Function<Pod, Optional<Run>> runs) {
    this.client = client;
    this.runs = runs;
    createNode();
    this.pods = client.pods().inAnyNamespace().inform(new Handler());
  }

  private final class Handler implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      thread.execute(() -> look(pod.getMetadata().getUid()));
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      onAdd(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {}
  }

  private void createNode() {
    Map<String, Quantity> room =
        Map.of(
            "cpu", new Quantity("99"), "memory", new Quantity("99Gi"), "pods", new Quantity("999"));
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(NODE)
                .addToLabels("kubernetes.io/os", "linux")
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
  }

  /** What the container of a pod has said so far; only those of Jobs say anything. */
  List<String> log(String uid) {
    return find(uid).filter(FakeKubelet::isJob).flatMap(runs).map(Run::log).orElse(List.of());
  }

  /** Sees that a run is held no longer. */
  void lookAgain() {
    pods.getStore().list().forEach(pod -> thread.execute(() -> look(pod.getMetadata().getUid())));
  }

  @Override
  public void close() {
    pods.close();
    thread.shutdownNow();
  }

  private Optional<Pod> find(String uid) {
    return pods.getStore().list().stream()
        .filter(pod -> pod.getMetadata().getUid().equals(uid))
        .findFirst();
  }

  private void look(String uid) {
    try {
      find(uid).ifPresent(this::play);
    } catch (KubernetesClientException e) {
      // Changed meanwhile, and seen so soon; or the API server is away.
      lookAgainAt(uid);
    }
  }

  private void lookAgainAt(String uid) {
    var _ = thread.schedule(() -> look(uid), STEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void play(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      client.resource(pod).withGracePeriod(0).delete();
      return;
    }
    if (pod.getSpec().getNodeName() == null) {
      return;
    }
    String uid = pod.getMetadata().getUid();
    Instant start = starts.computeIfAbsent(uid, first -> Instant.now());
    long steps = Duration.between(start, Instant.now()).dividedBy(STEP);
    boolean more =
        isJob(pod)
            ? runs.apply(pod).filter(run -> playJob(pod, run, steps)).isPresent()
            : playServer(pod, steps);
    if (more) {
      lookAgainAt(uid);
    }
  }

  /** Returns whether another state follows by itself. */
  private boolean playJob(Pod pod, Run run, long steps) {
    ContainerState fetched = ended(0, "");
    if (steps < 1) {
      status(pod, "Pending", running(), waiting("PodInitializing", ""), false);
      return true;
    }
    if (steps < 2 || run.held()) {
      status(pod, "Running", fetched, running(), true);
      return !run.held();
    }
    String phase = run.exitCode() == 0 ? "Succeeded" : "Failed";
    status(pod, phase, fetched, ended(run.exitCode(), run.message()), false);
    return false;
  }

  private boolean playServer(Pod pod, long steps) {
    String image = pod.getSpec().getContainers().getFirst().getImage();
    if (image.contains("@sha256:bad")) {
      String message = "failed to pull " + image + ": not found";
      status(pod, "Pending", null, waiting("ErrImagePull", message), false);
      return false;
    }
    if (image.endsWith(":never-ready")) {
      status(pod, "Running", null, running(), false);
      return false;
    }
    if (steps < 1) {
      return true;
    }
    status(pod, "Running", null, running(), true);
    return false;
  }

  private static boolean isJob(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels.containsKey(Labels.BUILD) || labels.containsKey(Labels.HOOK);
  }

  private void status(
      Pod pod, String phase, @Nullable ContainerState init, ContainerState main, boolean ready) {
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
    PodStatus next = status.build();
    if (!next.equals(pod.getStatus())) {
      client.resource(pod.edit().withStatus(next).build()).updateStatus();
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
