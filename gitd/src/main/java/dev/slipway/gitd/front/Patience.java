package dev.slipway.gitd.front;

import java.time.Duration;

/**
 * How long front waits for a gitd.
 *
 * @param connect until a connection stands
 * @param answer until a gitd has said something, be it about a key or a command
 * @param absent altogether, for a gitd that is not there; less than the time for a login
 * @param pause between two attempts
 * @param remind between two sentences to the one who waits
 * @param moment until one who has a gitd woken is told so
 * @param knock between two attempts at a gitd that was woken
 */
record Patience(
    Duration connect,
    Duration answer,
    Duration absent,
    Duration pause,
    Duration remind,
    Duration moment,
    Duration knock) {
  private static final Duration SHORTEST_CONNECT = Duration.ofMillis(200);

  /**
   * How long an attempt at a gitd that wakes may take. Where networks drop what is for a Service
   * without pods, in place of refusing it, a patient attempt would outlast the gitd's start.
   *
   * @param waited since it was woken
   */
  Duration connectAfter(Duration waited) {
    Duration share = waited.dividedBy(4);
    if (share.compareTo(SHORTEST_CONNECT) < 0) {
      return SHORTEST_CONNECT;
    }
    return share.compareTo(connect) < 0 ? share : connect;
  }

  static Patience defaults() {
    return new Patience(
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        Duration.ofMillis(500),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        Duration.ofMillis(50));
  }
}
