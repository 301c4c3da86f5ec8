package dev.slipway.hooks.build;

/** Says in one sentence why an image could not be built. */
public final class BuildFailedException extends Exception {
  private final String reason;

  BuildFailedException(String reason, String sentence) {
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
