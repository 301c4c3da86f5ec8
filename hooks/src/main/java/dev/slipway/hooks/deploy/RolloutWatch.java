package dev.slipway.hooks.deploy;

import dev.slipway.hooks.kube.PacedEvents;
import dev.slipway.hooks.kube.PodTrouble;
import dev.slipway.hooks.kube.Signal;
import dev.slipway.hooks.workload.LiveWorkload;
import dev.slipway.hooks.workload.Pods;
import dev.slipway.hooks.workload.Workloads;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Watches one workload after a change, and its pods. */
final class RolloutWatch implements AutoCloseable {
  private final Clock clock;
  private final ImageChange change;
  private final RolloutSight.Memory memory;
  private final SharedIndexInformer<? extends HasMetadata> workloads;
  private final SharedIndexInformer<Pod> pods;
  private final PacedEvents events;
  private final PacedEvents ownEvents;

  /**
   * @param selector of the workload's pods
   * @param signal given at every change of what is watched
   */
  RolloutWatch(
      KubernetesClient client,
      Clock clock,
      ImageChange change,
      LabelSelector selector,
      Signal signal) {
    this.clock = clock;
    this.change = change;
    this.memory = new RolloutSight.Memory(clock.instant());
    this.events = new PacedEvents(client, clock);
    this.ownEvents = new PacedEvents(client, clock);
    LiveWorkload live = change.live();
    String namespace = live.object().getMetadata().getNamespace();
    this.workloads = new Workloads(client, namespace).resource(live.workload()).runnableInformer(0);
    this.pods =
        client.pods().inNamespace(namespace).withLabelSelector(selector).runnableInformer(0);
    for (SharedIndexInformer<?> informer : List.of(workloads, pods)) {
      // An API server that is away for a while does not end the watch.
      informer.exceptionHandler((started, failure) -> true);
      informer.addEventHandler(signal.handler());
      informer.start();
    }
  }

  ImageChange change() {
    return change;
  }

  /** What is to be seen now; never older than the change itself. */
  RolloutSight look() {
    LiveWorkload workload = workload();
    List<Pod> newPods = newPods();
    RolloutSight.Seen seen =
        new RolloutSight.Seen(
            workload,
            newPods,
            workload == null
                ? Optional.empty()
                : workload.stuck(pods.getStore().list()).filter(this::cannotHeal),
            events.about(newPods.stream().filter(pod -> pod.getStatus() != null).toList()),
            workload != null && workload.lacksPods()
                ? ownEvents.about(List.of(workload.object()))
                : List.of());
    return memory.look(seen, clock.instant());
  }

  /**
   * One that is just late gets ready by itself: a leader that is elected, a node that comes back.
   */
  private boolean cannotHeal(Pod pod) {
    return PodTrouble.of(pod, List.of()).isPresent()
        || (change.back() && Pods.runs(pod, change.before()));
  }

  List<Pod> newPods() {
    return pods.getStore().list().stream().filter(pod -> Pods.runs(pod, change.after())).toList();
  }

  private @Nullable LiveWorkload workload() {
    if (!workloads.hasSynced()) {
      return change.live();
    }
    HasMetadata seen = workloads.getStore().list().stream().findFirst().orElse(null);
    return seen == null
        ? null
        : generation(seen) < generation(change.live().object())
            ? change.live()
            : LiveWorkload.of(seen);
  }

  private static long generation(HasMetadata object) {
    Long generation = object.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  @Override
  public void close() {
    workloads.stop();
    pods.stop();
  }
}
