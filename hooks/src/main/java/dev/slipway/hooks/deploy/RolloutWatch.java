package dev.slipway.hooks.deploy;

import dev.slipway.hooks.kube.Events;
import dev.slipway.hooks.kube.Signal;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watches one Deployment after a change, and the pods that run its new images. */
final class RolloutWatch implements AutoCloseable {
  private final KubernetesClient client;
  private final Clock clock;
  private final ImageChange change;
  private final RolloutSight.Memory memory;
  private final SharedIndexInformer<Deployment> deployments;
  private final SharedIndexInformer<Pod> pods;

  /**
   * @param signal given at every change of what is watched
   */
  RolloutWatch(KubernetesClient client, Clock clock, ImageChange change, Signal signal) {
    this.client = client;
    this.clock = clock;
    this.change = change;
    this.memory = new RolloutSight.Memory(clock.instant());
    String namespace = change.deployment().getMetadata().getNamespace();
    this.deployments =
        client
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName(change.name())
            .runnableInformer(0);
    this.pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabelSelector(change.deployment().getSpec().getSelector())
            .runnableInformer(0);
    for (SharedIndexInformer<?> informer : List.of(deployments, pods)) {
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
    List<Pod> newPods = newPods();
    List<Event> events =
        newPods.stream()
            .filter(pod -> pod.getStatus() != null)
            .flatMap(pod -> Events.about(client, pod).stream())
            .toList();
    return memory.look(deployment(), newPods, events, clock.instant());
  }

  List<Pod> newPods() {
    return pods.getStore().list().stream()
        .filter(pod -> RolloutSight.runs(pod, change.after()))
        .toList();
  }

  private @Nullable Deployment deployment() {
    if (!deployments.hasSynced()) {
      return change.deployment();
    }
    Deployment seen = deployments.getStore().list().stream().findFirst().orElse(null);
    boolean stale =
        seen != null
            && seen.getMetadata().getGeneration()
                < change.deployment().getMetadata().getGeneration();
    return stale ? change.deployment() : seen;
  }

  @Override
  public void close() {
    deployments.stop();
    pods.stop();
  }
}
