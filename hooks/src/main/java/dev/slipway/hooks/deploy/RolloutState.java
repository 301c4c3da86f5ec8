package dev.slipway.hooks.deploy;

import io.fabric8.kubernetes.api.model.Pod;

/** Where the rollout of one workload stands. */
sealed interface RolloutState {

  /**
   * Not there yet.
   *
   * @param progress for example {@code 1 of 2 new replicas ready}
   * @param on what is in the way just now, may be empty
   */
  record Progressing(String progress, String on) implements RolloutState {}

  /** Nothing goes on until this pod is deleted, which is what the rollout would do with it. */
  record Stuck(Pod pod) implements RolloutState {}

  /**
   * All that should run the new image does, and is healthy.
   *
   * @param end to be read after the name of the workload
   */
  record Healthy(String end) implements RolloutState {}

  /** It will not get healthy. */
  record Failed(String reason, String sentence) implements RolloutState {}
}
