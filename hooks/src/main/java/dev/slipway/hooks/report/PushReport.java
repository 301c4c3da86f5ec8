package dev.slipway.hooks.report;

import dev.slipway.hooks.PushOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of a push: all that its log line, its meters and its trace tell.
 *
 * @param phases in the order of their beginning; one may come several times
 * @param images those that were needed, as far as the push got
 */
public record PushReport(
    PushOutcome outcome, List<Phase> phases, List<Image> images, Optional<Rollout> rollout) {

  /** Of a push that came to nothing by itself. */
  public static PushReport of(PushOutcome outcome) {
    return new PushReport(outcome, List.of(), List.of(), Optional.empty());
  }

  /** A part of a push. */
  public record Phase(Name name, Instant began, Duration took) {

    /** What a push does, in this order. */
    public enum Name {
      PLAN,
      TURN,
      SWEEP,
      REUSE,
      REGISTRY,
      REHEARSE,
      BUILD,
      HOOKS,
      DEPLOY
    }
  }

  /**
   * An image that a push needed.
   *
   * @param label for whom it is, as the pusher sees it
   * @param name with its digest; empty where there is none
   */
  public record Image(String label, Origin origin, String name, Instant began, Duration took) {

    /** How it came about. */
    public enum Origin {
      BUILT,
      REUSED,
      FAILED,
      CANCELLED
    }
  }

  /** How the targets came to run what was pushed, or did not. */
  public record Rollout(End end, Duration took) {

    /** What they run in the end. */
    public enum End {
      /** What was pushed, and it is healthy. */
      HEALTHY,
      /** What ran before. */
      RESTORED,
      /** What failed, as the Remote says. */
      KEPT,
      /** Nobody knows: what ran before could not be put back, or is not healthy. */
      BROKEN
    }
  }

  /** How it ended, as labels and log lines call it. */
  public String end() {
    return switch (outcome) {
      case PushOutcome.Deployed _ -> "deployed";
      case PushOutcome.Stored _ -> "stored";
      case PushOutcome.Rejected _ -> "rejected";
      case PushOutcome.Cancelled _ -> "cancelled";
    };
  }

  /** Machine-readable, CamelCase: the outcome, or why it is no better. */
  public String reason() {
    return switch (outcome) {
      case PushOutcome.Deployed _ -> "Deployed";
      case PushOutcome.Stored _ -> "Stored";
      case PushOutcome.Rejected(String reason, _) -> reason;
      case PushOutcome.Cancelled _ -> "Cancelled";
    };
  }
}
