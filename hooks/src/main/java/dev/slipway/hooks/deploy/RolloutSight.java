package dev.slipway.hooks.deploy;

import dev.slipway.hooks.kube.PodTrouble;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is seen of a rollout at one moment.
 *
 * @param deployment null when it is gone
 * @param newPods those that run the images that were set
 * @param events about the new pods
 * @param troubleFor how long something has been in the way
 * @param age since the images were set
 */
record RolloutSight(
    @Nullable Deployment deployment,
    List<Pod> newPods,
    List<Event> events,
    Duration troubleFor,
    Duration age) {

  /** The first trouble that a new pod is in. */
  Optional<PodTrouble> podTrouble() {
    return newPods.stream().flatMap(pod -> PodTrouble.of(pod, events).stream()).findFirst();
  }

  /** Why the ReplicaSet cannot make pods, if so. */
  Optional<String> replicaFailure() {
    return condition("ReplicaFailure")
        .filter(condition -> "True".equals(condition.getStatus()))
        .map(condition -> String.valueOf(condition.getMessage()));
  }

  Optional<DeploymentCondition> condition(String type) {
    return deployment == null || deployment.getStatus() == null
        ? Optional.empty()
        : deployment.getStatus().getConditions().stream()
            .filter(condition -> type.equals(condition.getType()))
            .findFirst();
  }

  /** Whether the pod was made from a template with all of these images. */
  static boolean runs(Pod pod, Map<String, String> images) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && images.entrySet().stream()
            .allMatch(
                image ->
                    pod.getSpec().getContainers().stream()
                        .anyMatch(
                            container ->
                                container.getName().equals(image.getKey())
                                    && container.getImage().equals(image.getValue())));
  }

  /** Remembers, from sight to sight, what a single one cannot tell. */
  static final class Memory {
    private final Instant began;
    private @Nullable Instant troubleSince;

    Memory(Instant began) {
      this.began = began;
    }

    RolloutSight look(
        @Nullable Deployment deployment, List<Pod> newPods, List<Event> events, Instant now) {
      RolloutSight sight = sight(deployment, newPods, events, now);
      boolean trouble = sight.podTrouble().isPresent() || sight.replicaFailure().isPresent();
      if (!trouble) {
        troubleSince = null;
      } else if (troubleSince == null) {
        troubleSince = now;
      }
      return sight(deployment, newPods, events, now);
    }

    private RolloutSight sight(
        @Nullable Deployment deployment, List<Pod> newPods, List<Event> events, Instant now) {
      return new RolloutSight(
          deployment,
          newPods,
          events,
          troubleSince == null ? Duration.ZERO : Duration.between(troubleSince, now),
          Duration.between(began, now));
    }
  }
}
