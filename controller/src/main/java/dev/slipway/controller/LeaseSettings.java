package dev.slipway.controller;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which Lease several controllers hold in turn.
 *
 * @param duration how long after its last renewal another one takes it
 */
record LeaseSettings(String namespace, String name, Duration duration) {
  private static final Pattern NAME = Pattern.compile("([-a-z0-9]+)/([-a-z0-9.]+)");
  private static final int SHORTEST = 3;

  /**
   * Reads the two options.
   *
   * @param name {@code <namespace>/<name>}
   * @throws IllegalArgumentException with a sentence for whoever wrote them
   */
  static LeaseSettings parse(String name, int seconds) {
    Matcher named = NAME.matcher(name);
    if (!named.matches()) {
      throw new IllegalArgumentException("--lease must be <namespace>/<name>");
    }
    if (seconds < SHORTEST) {
      throw new IllegalArgumentException("--lease-seconds must be at least " + SHORTEST);
    }
    return new LeaseSettings(named.group(1), named.group(2), Duration.ofSeconds(seconds));
  }

  /** When a holder that could not renew it stops; the proportions are those of Kubernetes' own. */
  Duration renewDeadline() {
    return duration.multipliedBy(2).dividedBy(3);
  }

  /** How often it is renewed, or tried. */
  Duration retryPeriod() {
    return duration.multipliedBy(2).dividedBy(15);
  }
}
