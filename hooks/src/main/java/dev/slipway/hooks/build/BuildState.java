package dev.slipway.hooks.build;

/** Where a build stands. */
public sealed interface BuildState {

  /**
   * Kaniko does not run yet.
   *
   * @param on what is waited for, to be read after "waiting for"
   */
  record Waiting(String on) implements BuildState {}

  /** Kaniko runs. */
  record Running() implements BuildState {}

  /**
   * Done.
   *
   * @param digest of the image that was pushed, for example {@code sha256:9e8d…}
   */
  record Built(String digest) implements BuildState {}

  /** Kaniko has ended by itself and has not built; its log tells why. */
  record Broken(int exitCode) implements BuildState {}

  /** The build can no longer succeed, for a reason that is not in Kaniko's log. */
  record Failed(String reason, String sentence) implements BuildState {}
}
