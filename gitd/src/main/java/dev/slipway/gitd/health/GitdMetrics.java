package dev.slipway.gitd.health;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What gitd counts. */
public final class GitdMetrics {
  private final MeterRegistry registry;
  private final String prefix;
  private final Counter successes;
  private final Counter failures;
  private final AtomicInteger sessions;

  public GitdMetrics(MeterRegistry registry) {
    this(registry, "slipway.gitd");
  }

  /**
   * @param prefix of all names, for example {@code slipway.front}
   */
  public GitdMetrics(MeterRegistry registry, String prefix) {
    this.registry = registry;
    this.prefix = prefix;
    this.successes = registry.counter(prefix + ".authentications", "result", "success");
    this.failures = registry.counter(prefix + ".authentications", "result", "failure");
    AtomicInteger open = new AtomicInteger();
    registry.gauge(prefix + ".sessions", open);
    this.sessions = open;
  }

  public void authenticationSucceeded() {
    successes.increment();
  }

  public void authenticationFailed() {
    failures.increment();
  }

  public void sessionOpened() {
    sessions.incrementAndGet();
  }

  public void sessionClosed() {
    sessions.decrementAndGet();
  }

  /** One push has ended. */
  public void push(String outcome) {
    registry.counter(prefix + ".pushes", "outcome", outcome).increment();
  }
}
