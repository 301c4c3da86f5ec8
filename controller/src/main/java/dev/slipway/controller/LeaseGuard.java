package dev.slipway.controller;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when a Lease has not been renewed for so long that this controller must not act any more,
 * while nobody else may yet. What was renewed is read from the Lease itself: a renewal that hangs,
 * or whose answer comes late, counts for nothing.
 */
final class LeaseGuard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaseGuard.class);

  private final Supplier<Optional<Instant>> renewed;
  private final Duration actFor;
  private final Clock clock;
  private final Runnable whenOver;
  // Two threads: one may wait for an answer, the other one never does.
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(2, Thread.ofPlatform().daemon().name("lease-", 0).factory());
  private volatile Instant until = Instant.MIN;

  /**
   * Watches nothing yet.
   *
   * @param renewed asks the API when this controller last renewed the Lease; empty if another one
   *     holds it
   * @param actFor how long after a renewal this controller may act
   * @param whenOver is run when it may not any more, and again as long as it is not closed
   */
  LeaseGuard(Supplier<Optional<Instant>> renewed, Duration actFor, Clock clock, Runnable whenOver) {
    this.renewed = renewed;
    this.actFor = actFor;
    this.clock = clock;
    this.whenOver = whenOver;
  }

  /** Reads the Lease once, and then again every {@code interval}. */
  void begin(Duration interval) {
    look();
    long nanos = interval.toNanos();
    var ignored = threads.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
    ignored = threads.scheduleWithFixedDelay(this::judge, 0, nanos / 2, TimeUnit.NANOSECONDS);
  }

  void look() {
    try {
      until = renewed.get().map(it -> it.plus(actFor)).orElse(Instant.MIN);
    } catch (KubernetesClientException e) {
      log.warn("the lease was not read: {}", e.getMessage());
    }
  }

  void judge() {
    if (clock.instant().isAfter(until)) {
      whenOver.run();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
