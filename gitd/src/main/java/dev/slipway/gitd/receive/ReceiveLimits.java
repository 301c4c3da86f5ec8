package dev.slipway.gitd.receive;

import dev.slipway.crd.gitd.PushLimits;
import java.time.Duration;

/**
 * What one push may take.
 *
 * @param push how much it may bring
 * @param keepAlive silence during a hook after which the connection is tried
 * @param drain how long the last lines may take to reach the client
 */
public record ReceiveLimits(PushLimits push, Duration keepAlive, Duration drain) {

  /** With patience for a client that is slow. */
  public static ReceiveLimits of(PushLimits push) {
    return new ReceiveLimits(push, Duration.ofSeconds(1), Duration.ofSeconds(10));
  }
}
