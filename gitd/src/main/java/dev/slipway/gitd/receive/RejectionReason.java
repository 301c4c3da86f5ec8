package dev.slipway.gitd.receive;

import java.util.Locale;

/** How a machine-readable reason reads in git's line about a ref. */
final class RejectionReason {
  private RejectionReason() {}

  /** {@code BuildFailed} becomes {@code build failed}. */
  static String words(String reason) {
    return reason.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
