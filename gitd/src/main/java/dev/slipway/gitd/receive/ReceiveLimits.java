package dev.slipway.gitd.receive;

import java.time.Duration;

/**
 * What one push may take.
 *
 * @param packBytes largest pack
 * @param objectBytes largest single object, inflated
 * @param keepAlive silence during a hook after which the connection is tried
 * @param drain how long the last lines may take to reach the client
 */
public record ReceiveLimits(long packBytes, long objectBytes, Duration keepAlive, Duration drain) {

  /** Room for a large monorepo, not for a disk image. */
  public static ReceiveLimits defaults() {
    return new ReceiveLimits(2L << 30, 512L << 20, Duration.ofSeconds(1), Duration.ofSeconds(10));
  }
}
