package dev.slipway.hooks.deploy;

import dev.slipway.hooks.kube.PodTrouble;
import dev.slipway.hooks.workload.LiveWorkload;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is seen of a rollout at one moment.
 *
 * @param seen the objects
 * @param troubleFor how long something has been in the way
 * @param stuckFor how long there has been a pod that keeps the rollout from going on
 * @param age since the images were set
 */
record RolloutSight(Seen seen, Duration troubleFor, Duration stuckFor, Duration age) {

  /**
   * The objects.
   *
   * @param workload null when it is gone
   * @param newPods those that run the images that were set
   * @param stuck the pod that keeps the rollout from going on until somebody deletes it
   * @param events about the new pods
   * @param ownEvents about the workload itself
   */
  record Seen(
      @Nullable LiveWorkload workload,
      List<Pod> newPods,
      Optional<Pod> stuck,
      List<Event> events,
      List<Event> ownEvents) {

    /** The first trouble that a new pod is in. */
    Optional<PodTrouble> podTrouble() {
      return newPods.stream().flatMap(pod -> PodTrouble.of(pod, events).stream()).findFirst();
    }

    /** Why no pods can be made, if so. */
    Optional<String> creationFailure() {
      return workload == null ? Optional.empty() : workload.creationFailure(ownEvents);
    }
  }

  /** Remembers, from sight to sight, what a single one cannot tell. */
  static final class Memory {
    private final Instant began;
    private @Nullable Instant troubleSince;
    private @Nullable Instant stuckSince;

    Memory(Instant began) {
      this.began = began;
    }

    RolloutSight look(Seen seen, Instant now) {
      boolean trouble = seen.podTrouble().isPresent() || seen.creationFailure().isPresent();
      troubleSince = since(troubleSince, trouble, now);
      stuckSince = since(stuckSince, seen.stuck().isPresent(), now);
      return new RolloutSight(
          seen, age(troubleSince, now), age(stuckSince, now), Duration.between(began, now));
    }

    private static @Nullable Instant since(@Nullable Instant before, boolean holds, Instant now) {
      return !holds ? null : before == null ? now : before;
    }

    private static Duration age(@Nullable Instant since, Instant now) {
      return since == null ? Duration.ZERO : Duration.between(since, now);
    }
  }
}
