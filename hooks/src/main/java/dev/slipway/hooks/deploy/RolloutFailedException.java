package dev.slipway.hooks.deploy;

/** Says in one sentence why a commit could not be deployed. */
public final class RolloutFailedException extends Exception {
  private final String reason;

  RolloutFailedException(String reason, String sentence) {
    super(sentence);
    this.reason = reason;
  }

  /** Machine-readable, CamelCase. */
  public String reason() {
    return reason;
  }

  /** For the person pushing. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
