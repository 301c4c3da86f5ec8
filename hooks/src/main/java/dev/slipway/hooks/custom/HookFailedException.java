package dev.slipway.hooks.custom;

/** Says in one sentence why a hook has failed. */
public final class HookFailedException extends Exception {
  private final String reason;

  public HookFailedException(String reason, String sentence) {
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
