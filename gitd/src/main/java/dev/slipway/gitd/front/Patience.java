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
 */
record Patience(
    Duration connect, Duration answer, Duration absent, Duration pause, Duration remind) {

  static Patience defaults() {
    return new Patience(
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        Duration.ofMillis(500),
        Duration.ofSeconds(10));
  }
}
