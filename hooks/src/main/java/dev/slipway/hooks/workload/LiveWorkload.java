package dev.slipway.hooks.workload;

import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.kube.Events;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A workload as the cluster has it, and all in which its kind differs from the others. */
public sealed interface LiveWorkload
    permits LiveDeployment, LiveStatefulSet, LiveDaemonSet, LiveCronJob {

  /** The object as one of its kind. */
  static LiveWorkload of(HasMetadata object) {
    return switch (object) {
      case Deployment it -> new LiveDeployment(it);
      case StatefulSet it -> new LiveStatefulSet(it);
      case DaemonSet it -> new LiveDaemonSet(it);
      case CronJob it -> new LiveCronJob(it);
      default -> throw new IllegalArgumentException(object.getKind() + " is no workload");
    };
  }

  /** As it was read. */
  HasMetadata object();

  /** Selects its pods; empty when new images are not rolled out but wait for what comes. */
  Optional<LabelSelector> selector();

  /** What its status says. */
  Progress progress();

  /** What is told when the rollout is over, to be read after its name. */
  String end();

  /** Why it would not run new images. */
  default Optional<Obstacle> obstacle() {
    return Optional.empty();
  }

  /** What its pods are called in a count. */
  default String podsAre() {
    return "replicas";
  }

  /** Whether its controller has given the rollout up. */
  default boolean hasGivenUp() {
    return false;
  }

  /** Whether it has fewer pods than it wants, and only its events can tell why. */
  default boolean lacksPods() {
    return false;
  }

  /**
   * Why it cannot make pods, if so.
   *
   * @param events about the workload itself, oldest first
   */
  default Optional<String> creationFailure(List<Event> events) {
    return lacksPods() ? Events.lastFailedCreate(events) : Optional.empty();
  }

  /** The one of its pods that keeps the rollout from going on until somebody deletes it. */
  default Optional<Pod> stuck(List<Pod> pods) {
    return Optional.empty();
  }

  /** What a Remote calls it. */
  default Workload workload() {
    return new Workload(WorkloadKind.valueOf(object().getKind()), object().getMetadata().getName());
  }

  default PodSpec podSpec() {
    return WorkloadKind.podTemplate(object()).getSpec();
  }

  /** The image of each container and init container. */
  default Map<String, String> images() {
    Map<String, String> images = new TreeMap<>();
    containers(podSpec()).forEach(it -> images.put(it.getName(), it.getImage()));
    return images;
  }

  /** Init containers first. */
  static Stream<Container> containers(PodSpec pod) {
    return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream());
  }
}
