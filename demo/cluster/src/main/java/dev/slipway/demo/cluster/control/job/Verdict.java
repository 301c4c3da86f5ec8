package dev.slipway.demo.cluster.control.job;

/**
 * How a Job ends. It is announced first, and becomes final when no pod is left that might still
 * run.
 */
enum Verdict {
  SUCCEEDED(
      "SuccessCriteriaMet",
      "Complete",
      "CompletionsReached",
      "Reached expected number of succeeded pods"),
  TOO_MANY_FAILURES(
      "FailureTarget",
      "Failed",
      "BackoffLimitExceeded",
      "Job has reached the specified backoff limit"),
  TOO_LATE(
      "FailureTarget",
      "Failed",
      "DeadlineExceeded",
      "Job was active longer than specified deadline");

  private final String announcement;
  private final String end;
  private final String reason;
  private final String message;

  Verdict(String announcement, String end, String reason, String message) {
    this.announcement = announcement;
    this.end = end;
    this.reason = reason;
    this.message = message;
  }

  /** Type of the condition that announces it. */
  String announcement() {
    return announcement;
  }

  /** Type of the condition that makes it final. */
  String end() {
    return end;
  }

  String reason() {
    return reason;
  }

  String message() {
    return message;
  }

  boolean isFailure() {
    return this != SUCCEEDED;
  }
}
