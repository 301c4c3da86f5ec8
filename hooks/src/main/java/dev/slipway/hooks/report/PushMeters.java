package dev.slipway.hooks.report;

import dev.slipway.hooks.report.PushReport.Image;
import dev.slipway.hooks.report.PushReport.Phase;
import dev.slipway.hooks.report.PushReport.Rollout;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What is counted and timed of pushes; docs/metrics.md tells what of it is good for what. All but
 * reasons are there from the start, since a series that begins with its first event hides it from
 * {@code rate()}.
 */
public final class PushMeters {
  /** Of histograms, in seconds. */
  private static final Duration[] BUCKETS =
      Stream.of(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800)
          .map(Duration::ofSeconds)
          .toArray(Duration[]::new);

  /**
   * Why a push is rejected through no fault of its own. There from the start, since for Prometheus
   * the first of a kind is no increase.
   */
  private static final List<String> FAULTS =
      List.of("ClusterFault", "InternalError", "RefNotMoved", "RepositoryFault");

  private final MeterRegistry registry;
  private final AtomicInteger running;
  private final AtomicInteger waiting;
  private final AtomicInteger building;

  public PushMeters(MeterRegistry registry) {
    this.registry = registry;
    this.running = gauge("slipway.pushes.running");
    this.waiting = gauge("slipway.pushes.waiting");
    this.building = gauge("slipway.builds.running");
    Stream.of("deployed", "stored", "rejected", "cancelled").forEach(this::duration);
    FAULTS.forEach(reason -> pushes("rejected", reason, 0));
    Stream.of(Phase.Name.values()).forEach(this::phase);
    Stream.of(Image.Origin.BUILT, Image.Origin.FAILED, Image.Origin.CANCELLED).forEach(this::build);
    images(Image.Origin.BUILT, 0);
    images(Image.Origin.REUSED, 0);
    Stream.of(Rollout.End.values()).forEach(this::rollout);
  }

  /** One more of something, until it is closed. */
  public PushJournal.Running push() {
    return during(running);
  }

  /** A push waits for its turn. */
  public PushJournal.Running waiting() {
    return during(waiting);
  }

  /** A build's Job is there. */
  public PushJournal.Running build() {
    return during(building);
  }

  /**
   * A push has ended.
   *
   * @param took all of it, with what was sent
   */
  public void ended(PushReport report, Duration took) {
    pushes(report.end(), report.reason(), 1);
    duration(report.end()).record(took);
    report.phases().forEach(phase -> phase(phase.name()).record(phase.took()));
    for (Image image : report.images()) {
      switch (image.origin()) {
        case BUILT -> {
          images(image.origin(), 1);
          build(image.origin()).record(image.took());
        }
        case REUSED -> images(image.origin(), 1);
        case FAILED, CANCELLED -> build(image.origin()).record(image.took());
      }
    }
    report.rollout().ifPresent(it -> rollout(it.end()).record(it.took()));
  }

  private AtomicInteger gauge(String name) {
    AtomicInteger value = new AtomicInteger();
    registry.gauge(name, value);
    return value;
  }

  private static PushJournal.Running during(AtomicInteger gauge) {
    gauge.incrementAndGet();
    return gauge::decrementAndGet;
  }

  private void pushes(String outcome, String reason, int more) {
    registry.counter("slipway.pushes", "outcome", outcome, "reason", reason).increment(more);
  }

  private Timer duration(String outcome) {
    return histogram("slipway.push.duration", "outcome", outcome);
  }

  private Timer phase(Phase.Name phase) {
    return registry.timer("slipway.push.phase.duration", "phase", name(phase));
  }

  private void images(Image.Origin origin, int more) {
    registry.counter("slipway.images", "origin", name(origin)).increment(more);
  }

  private Timer build(Image.Origin outcome) {
    return histogram("slipway.build.duration", "outcome", name(outcome));
  }

  private Timer rollout(Rollout.End end) {
    return histogram("slipway.rollout.duration", "outcome", name(end));
  }

  private Timer histogram(String name, String tag, String value) {
    return Timer.builder(name).tag(tag, value).serviceLevelObjectives(BUCKETS).register(registry);
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
