package dev.slipway.hooks.report;

import dev.slipway.hooks.PushId;
import dev.slipway.hooks.PushOutcome;
import dev.slipway.hooks.report.PushReport.Image;
import dev.slipway.hooks.report.PushReport.Phase;
import dev.slipway.hooks.report.PushReport.Rollout;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Notes what happens in a push, on whichever thread. */
public final class PushJournal {
  private final PushId push;
  private final Clock clock;
  private final Instant began;
  private final List<Phase> phases = new ArrayList<>();
  private final List<Image> images = new ArrayList<>();
  private @Nullable Rollout rollout;

  public PushJournal(PushId push, Clock clock) {
    this.push = push;
    this.clock = clock;
    this.began = clock.instant();
  }

  /** Whose journal it is. */
  public PushId push() {
    return push;
  }

  /** Something that has begun, until it is closed. */
  @FunctionalInterface
  public interface Running extends AutoCloseable {
    @Override
    void close();
  }

  /** Notes how long a phase takes, also when it fails. */
  public Running begin(Phase.Name phase) {
    Instant start = clock.instant();
    return () -> add(new Phase(phase, start, since(start)));
  }

  /** Notes an image, now that it stands, or that it is known not to. */
  public synchronized void image(String label, Image.Origin origin, String name, Instant start) {
    images.add(new Image(label, origin, name, start, since(start)));
  }

  /** Notes how a rollout ended; of several notes the last one counts. */
  public synchronized void rollout(Rollout.End end, Instant start) {
    rollout = new Rollout(end, since(start));
  }

  /** How long the push has taken so far. */
  public Duration age() {
    return since(began);
  }

  /** All of it. */
  public synchronized PushReport report(PushOutcome outcome) {
    return new PushReport(
        outcome, List.copyOf(phases), List.copyOf(images), Optional.ofNullable(rollout));
  }

  private synchronized void add(Phase phase) {
    phases.add(phase);
  }

  private Duration since(Instant start) {
    return Duration.between(start, clock.instant());
  }
}
