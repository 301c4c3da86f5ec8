package dev.slipway.controller.check;

/**
 * One thing that is not as it should be.
 *
 * @param reason one CamelCase word for programs
 * @param message one or more sentences: what is wrong and what to do
 */
public record Finding(Weight weight, String reason, String message) {

  /** What a finding means for the Remote as a whole. */
  public enum Weight {
    /** Nothing is wrong; something takes its time, and the Remote is not ready until then. */
    WAITING,
    /** Something was left out; the Remote works without it. */
    MINOR,
    /** A push cannot do what its author wants, until something comes that the Remote refers to. */
    MISSING,
    /** A push cannot do what its author wants, until somebody corrects something. */
    BLOCKING
  }

  public static Finding waiting(String reason, String message) {
    return new Finding(Weight.WAITING, reason, message);
  }

  public static Finding minor(String reason, String message) {
    return new Finding(Weight.MINOR, reason, message);
  }

  public static Finding missing(String reason, String message) {
    return new Finding(Weight.MISSING, reason, message);
  }

  public static Finding blocking(String reason, String message) {
    return new Finding(Weight.BLOCKING, reason, message);
  }
}
