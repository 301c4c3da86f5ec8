package dev.slipway.gitd.front;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What front counts beside what happens at its door: gitds that it has woken. */
final class FrontMetrics {
  private final Timer woken;
  private final Timer failed;

  FrontMetrics(MeterRegistry registry) {
    this.woken = registry.timer("slipway.front.wake.duration", "outcome", "woken");
    this.failed = registry.timer("slipway.front.wake.duration", "outcome", "failed");
  }

  void woken(Duration took) {
    woken.record(took);
  }

  void notWoken(Duration took) {
    failed.record(took);
  }
}
