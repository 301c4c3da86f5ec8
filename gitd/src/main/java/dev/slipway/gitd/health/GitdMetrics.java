package dev.slipway.gitd.health;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted at an SSH door; docs/metrics.md tells what it is good for. */
public final class GitdMetrics {
  private final Counter successes;
  private final Counter failures;
  private final AtomicInteger connections = new AtomicInteger();

  public GitdMetrics(MeterRegistry registry) {
    this(registry, "slipway.gitd");
  }

  /**
   * @param prefix of all names, for example {@code slipway.front}
   */
  public GitdMetrics(MeterRegistry registry, String prefix) {
    this.successes = registry.counter(prefix + ".authentications", "result", "success");
    this.failures = registry.counter(prefix + ".authentications", "result", "failure");
    registry.gauge(prefix + ".connections", connections);
  }

  public void authenticationSucceeded() {
    successes.increment();
  }

  public void authenticationFailed() {
    failures.increment();
  }

  public void connectionOpened() {
    connections.incrementAndGet();
  }

  public void connectionClosed() {
    connections.decrementAndGet();
  }
}
