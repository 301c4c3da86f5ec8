package dev.slipway.hooks.deploy;

/** Where the rollout of one Deployment stands. */
sealed interface RolloutState {

  /**
   * Not there yet.
   *
   * @param progress for example {@code 1 of 2 new replicas ready}
   * @param on what is in the way just now, may be empty
   */
  record Progressing(String progress, String on) implements RolloutState {}

  /** All replicas run the new image and are healthy. */
  record Healthy() implements RolloutState {}

  /** It will not get healthy. */
  record Failed(String reason, String sentence) implements RolloutState {}
}
