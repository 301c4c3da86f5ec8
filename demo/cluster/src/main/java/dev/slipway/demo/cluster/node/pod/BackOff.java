package dev.slipway.demo.cluster.node.pod;

import java.time.Duration;

/** Delays of 10 s, 20 s, 40 s … up to five minutes. */
final class BackOff {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private Duration next = FIRST;

  Duration next() {
    var now = next;
    next = next.multipliedBy(2);
    if (next.compareTo(LONGEST) > 0) {
      next = LONGEST;
    }
    return now;
  }

  /** As Go prints it: {@code 1m20s}. */
  static String text(Duration delay) {
    return delay.toMinutes() > 0
        ? delay.toMinutes() + "m" + delay.toSecondsPart() + "s"
        : delay.toSeconds() + "s";
  }
}
