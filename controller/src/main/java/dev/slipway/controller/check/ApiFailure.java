package dev.slipway.controller.check;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** Says in a sentence what the API did not do. */
public final class ApiFailure {
  private static final String REASON = "ApiFailed";

  private ApiFailure() {}

  /**
   * What keeps a Remote from being as it should, and passes when it is tried again.
   *
   * @param what the first half of a sentence, such as {@code Role "x" was not applied}
   */
  public static Finding finding(String what, KubernetesClientException e) {
    return Finding.missing(REASON, what + ": " + sentence(e) + ". It is tried again.");
  }

  /** Whether this finding is one of these. */
  public static boolean is(Finding finding) {
    return finding.reason().equals(REASON);
  }

  /** Whether a condition has such a finding as its gravest. */
  public static boolean isReason(String reason) {
    return reason.equals(REASON);
  }

  /** Whether there was no answer at all, so that the next request would wait for none either. */
  public static boolean isSilence(KubernetesClientException e) {
    return e.getCode() == 0;
  }

  /** The API's own words where it has answered. */
  public static String sentence(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
