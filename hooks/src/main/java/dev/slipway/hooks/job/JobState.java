package dev.slipway.hooks.job;

/** Where a Job stands. */
public sealed interface JobState {

  /**
   * Its container does not run yet.
   *
   * @param on what is waited for, to be read after "waiting for"
   */
  record Waiting(String on) implements JobState {}

  /** Its container runs. */
  record Running() implements JobState {}

  /**
   * Its container has ended well, and what follows on it is under way.
   *
   * @param on what is waited for, to be read after "waiting for"
   */
  record Finishing(String on) implements JobState {}

  /** It has come to an end. */
  sealed interface End extends JobState {}

  /**
   * Its container has ended by itself.
   *
   * @param message what the last container has written as its termination message, empty if nothing
   */
  record Ended(int exitCode, String message) implements End {}

  /** It can no longer succeed, for a reason that its log does not tell. */
  record Failed(String reason, String sentence) implements End {}
}
