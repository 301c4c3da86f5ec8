package dev.slipway.controller.status;

import dev.slipway.controller.check.Finding;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads from gitd's Deployment whether somebody answers a push. */
final class GitdState {
  /** Until it does not seem to start any more, its image and its volume on their way included. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private GitdState() {}

  static List<Finding> findings(Deployment gitd, Instant now) {
    if (isAsleep(gitd)) {
      return List.of();
    }
    String name = gitd.getMetadata().getName();
    String look =
        "kubectl -n " + gitd.getMetadata().getNamespace() + " describe deployment/" + name;
    DeploymentStatus status =
        Objects.requireNonNullElseGet(gitd.getStatus(), DeploymentStatus::new);
    Long observed = status.getObservedGeneration();
    // Before that the status still speaks of what was there before.
    if (observed == null || observed < gitd.getMetadata().getGeneration()) {
      return List.of(Finding.waiting("Starting", "gitd is starting."));
    }
    if (available(gitd) > 0) {
      return List.of();
    }
    Optional<DeploymentCondition> failure =
        condition(status, "ReplicaFailure", "True")
            .or(() -> condition(status, "Progressing", "False"));
    return List.of(
        failure
            .map(
                it ->
                    Finding.blocking(
                        Objects.requireNonNullElse(it.getReason(), "Failed"),
                        "gitd does not run: " + it.getMessage() + " See " + look))
            .orElseGet(
                () ->
                    isStuck(status, now)
                        ? Finding.blocking(
                            "DoesNotStart",
                            "gitd has not answered for %d minutes. See %s"
                                .formatted(PATIENCE.toMinutes(), look))
                        : Finding.waiting(
                            "Starting", "gitd is starting; if it takes long, see " + look)));
  }

  /**
   * Whether its pod has been there and not ready for long. The Deployment's own limit for progress
   * is no measure of that: it allows for the pushes that end at the gitd of before.
   */
  private static boolean isStuck(DeploymentStatus status, Instant now) {
    boolean hasPod = Objects.requireNonNullElse(status.getUpdatedReplicas(), 0) > 0;
    Instant since =
        Stream.concat(
                condition(status, "Progressing", "True").stream()
                    .map(DeploymentCondition::getLastUpdateTime),
                condition(status, "Available", "False").stream()
                    .map(DeploymentCondition::getLastTransitionTime))
            .map(Instant::parse)
            .max(Comparator.naturalOrder())
            .orElse(now);
    return hasPod && since.plus(PATIENCE).isBefore(now);
  }

  /** Whether there shall be none until somebody comes. */
  static boolean isAsleep(Deployment gitd) {
    return Objects.equals(gitd.getSpec().getReplicas(), 0);
  }

  /** How many answer. */
  static int available(Deployment gitd) {
    DeploymentStatus status = gitd.getStatus();
    return status == null ? 0 : Objects.requireNonNullElse(status.getAvailableReplicas(), 0);
  }

  private static Optional<DeploymentCondition> condition(
      DeploymentStatus status, String type, String value) {
    return status.getConditions().stream()
        .filter(it -> type.equals(it.getType()) && value.equals(it.getStatus()))
        .findFirst();
  }
}
