package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.Counts.absentIfZero;
import static dev.slipway.demo.cluster.control.rollout.Counts.orZero;
import static dev.slipway.demo.cluster.control.rollout.Counts.sum;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says how a rollout stands: the counters and conditions of a Deployment, and when its deadline has
 * to be looked at again.
 *
 * <p>Follows kube-controller-manager's {@code progress.go} and {@code deployment_util.go}, with all
 * their surprises: after going back to a former template, the condition of the rollout before stays
 * until something moves.
 */
final class RolloutStatus {
  static final String PROGRESSING = "Progressing";
  private static final String AVAILABLE = "Available";
  private static final String REPLICA_FAILURE = "ReplicaFailure";
  private static final String NEW_SET_AVAILABLE = "NewReplicaSetAvailable";
  private static final String TIMED_OUT = "ProgressDeadlineExceeded";
  private static final String PAUSED = "DeploymentPaused";
  private static final int NO_DEADLINE = Integer.MAX_VALUE;

  private RolloutStatus() {}

  /** Counters and availability, while the Deployment is paused or merely changes its size. */
  static DeploymentStatus counted(Family family, Instant now) {
    var deployment = family.deployment();
    var all = family.all();
    var current = family.current().map(List::of).orElse(List.of());
    int available = sum(all, Counts::available);
    boolean enough = available >= family.desired() - family.leeway().unavailable();
    return new DeploymentStatusBuilder()
        .withObservedGeneration(deployment.getMetadata().getGeneration())
        .withReplicas(absentIfZero(sum(all, Counts::actual)))
        .withUpdatedReplicas(absentIfZero(sum(current, Counts::actual)))
        .withReadyReplicas(absentIfZero(sum(all, Counts::ready)))
        .withAvailableReplicas(absentIfZero(available))
        .withUnavailableReplicas(absentIfZero(Math.max(0, sum(all, Counts::wanted) - available)))
        .withCollisionCount(of(deployment).getCollisionCount())
        .withConditions(
            with(
                of(deployment).getConditions(),
                enough
                    ? condition(
                        AVAILABLE,
                        "True",
                        "MinimumReplicasAvailable",
                        "Deployment has minimum availability.",
                        now)
                    : condition(
                        AVAILABLE,
                        "False",
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability.",
                        now)))
        .build();
  }

  /** Counters, availability and how far the rollout has come. */
  static DeploymentStatus progressed(Family family, Instant now) {
    var status = counted(family, now);
    var deployment = family.deployment();
    var before = progressing(of(deployment));
    if (!hasDeadline(deployment)) {
      status.setConditions(without(status.getConditions(), PROGRESSING));
    } else if (!isOver(status, before)) {
      advance(family, status, before, now);
    }
    status.setConditions(
        failures(family)
            .map(failure -> with(status.getConditions(), failure))
            .orElseGet(() -> without(status.getConditions(), REPLICA_FAILURE)));
    return status;
  }

  private static boolean isOver(DeploymentStatus status, Optional<DeploymentCondition> before) {
    return orZero(status.getReplicas()) == orZero(status.getUpdatedReplicas())
        && before.filter(c -> NEW_SET_AVAILABLE.equals(c.getReason())).isPresent();
  }

  private static void advance(
      Family family, DeploymentStatus status, Optional<DeploymentCondition> before, Instant now) {
    var subject =
        family
            .current()
            .map(set -> "ReplicaSet \"" + set.getMetadata().getName() + "\"")
            .orElse("Deployment \"" + family.deployment().getMetadata().getName() + "\"");
    if (isComplete(family, status)) {
      status.setConditions(
          with(
              status.getConditions(),
              condition(
                  PROGRESSING,
                  "True",
                  NEW_SET_AVAILABLE,
                  subject + " has successfully progressed.",
                  now)));
    } else if (moved(of(family.deployment()), status)) {
      // Replaced even when status and reason are the same: the deadline counts from the last move.
      var moving =
          condition(PROGRESSING, "True", "ReplicaSetUpdated", subject + " is progressing.", now);
      before
          .filter(c -> "True".equals(c.getStatus()))
          .ifPresent(c -> moving.setLastTransitionTime(c.getLastTransitionTime()));
      status.setConditions(with(without(status.getConditions(), PROGRESSING), moving));
    } else if (hasTimedOut(family.deployment(), before, now)) {
      status.setConditions(
          with(
              status.getConditions(),
              condition(
                  PROGRESSING, "False", TIMED_OUT, subject + " has timed out progressing.", now)));
    }
  }

  /** Whether all pods are of the present template, available, and as many as wanted. */
  static boolean isComplete(Family family, DeploymentStatus status) {
    int desired = family.desired();
    return orZero(status.getUpdatedReplicas()) == desired
        && orZero(status.getReplicas()) == desired
        && orZero(status.getAvailableReplicas()) == desired
        && status.getObservedGeneration() >= family.deployment().getMetadata().getGeneration();
  }

  private static boolean moved(DeploymentStatus before, DeploymentStatus after) {
    int formerBefore = orZero(before.getReplicas()) - orZero(before.getUpdatedReplicas());
    int formerAfter = orZero(after.getReplicas()) - orZero(after.getUpdatedReplicas());
    return orZero(after.getUpdatedReplicas()) > orZero(before.getUpdatedReplicas())
        || formerAfter < formerBefore
        || orZero(after.getReadyReplicas()) > orZero(before.getReadyReplicas())
        || orZero(after.getAvailableReplicas()) > orZero(before.getAvailableReplicas());
  }

  private static boolean hasTimedOut(
      Deployment deployment, Optional<DeploymentCondition> before, Instant now) {
    if (before.isEmpty() || NEW_SET_AVAILABLE.equals(before.get().getReason())) {
      return false;
    }
    return TIMED_OUT.equals(before.get().getReason())
        || deadline(deployment, before.get()).isBefore(now);
  }

  /** When the deadline has to be looked at; empty when none is running. */
  static Optional<Duration> untilDeadline(Family family, DeploymentStatus status, Instant now) {
    var deployment = family.deployment();
    if (!hasDeadline(deployment) || isComplete(family, status)) {
      return Optional.empty();
    }
    return progressing(status)
        .filter(c -> !TIMED_OUT.equals(c.getReason()) && !NEW_SET_AVAILABLE.equals(c.getReason()))
        .map(c -> Duration.between(now, deadline(deployment, c)).plusSeconds(1))
        .filter(Duration::isPositive);
  }

  private static Instant deadline(Deployment deployment, DeploymentCondition progressing) {
    return PodFacts.time(progressing.getLastUpdateTime())
        .plusSeconds(deployment.getSpec().getProgressDeadlineSeconds());
  }

  /** What being paused or resumed says of the progress; empty when it says nothing new. */
  static Optional<DeploymentCondition> pause(Deployment deployment, Instant now) {
    var before = progressing(of(deployment));
    if (!hasDeadline(deployment)
        || before.filter(c -> TIMED_OUT.equals(c.getReason())).isPresent()) {
      return Optional.empty();
    }
    boolean paused = Boolean.TRUE.equals(deployment.getSpec().getPaused());
    boolean saysPaused = before.filter(c -> PAUSED.equals(c.getReason())).isPresent();
    if (paused == saysPaused) {
      return Optional.empty();
    }
    return Optional.of(
        paused
            ? condition(PROGRESSING, "Unknown", PAUSED, "Deployment is paused", now)
            : condition(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed", now));
  }

  static boolean hasDeadline(Deployment deployment) {
    var seconds = deployment.getSpec().getProgressDeadlineSeconds();
    return seconds != null && seconds != NO_DEADLINE;
  }

  static Optional<DeploymentCondition> progressing(DeploymentStatus status) {
    return status.getConditions().stream().filter(c -> PROGRESSING.equals(c.getType())).findFirst();
  }

  static DeploymentStatus of(Deployment deployment) {
    return deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
  }

  private static Optional<DeploymentCondition> failures(Family family) {
    return Stream.concat(family.current().stream(), family.all().stream())
        .map(RolloutStatus::failure)
        .flatMap(Optional::stream)
        .findFirst()
        .map(
            failure ->
                new DeploymentConditionBuilder()
                    .withType(REPLICA_FAILURE)
                    .withStatus(failure.getStatus())
                    .withReason(failure.getReason())
                    .withMessage(failure.getMessage())
                    .withLastTransitionTime(failure.getLastTransitionTime())
                    .withLastUpdateTime(failure.getLastTransitionTime())
                    .build());
  }

  private static Optional<ReplicaSetCondition> failure(ReplicaSet set) {
    return set.getStatus() == null
        ? Optional.empty()
        : set.getStatus().getConditions().stream()
            .filter(c -> REPLICA_FAILURE.equals(c.getType()))
            .findFirst();
  }

  static DeploymentCondition condition(
      String type, String status, String reason, String message, Instant now) {
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return new DeploymentConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .withLastUpdateTime(time)
        .withLastTransitionTime(time)
        .build();
  }

  /** The conditions with this one: unchanged when it says the same, else it is the last. */
  static List<DeploymentCondition> with(
      List<DeploymentCondition> conditions, DeploymentCondition added) {
    var before = conditions.stream().filter(c -> c.getType().equals(added.getType())).findFirst();
    boolean sameStatus = before.filter(c -> c.getStatus().equals(added.getStatus())).isPresent();
    if (sameStatus && before.orElseThrow().getReason().equals(added.getReason())) {
      return conditions;
    }
    var result = without(conditions, added.getType());
    result.add(
        sameStatus
            ? new DeploymentConditionBuilder(added)
                .withLastTransitionTime(before.orElseThrow().getLastTransitionTime())
                .build()
            : added);
    return result;
  }

  private static List<DeploymentCondition> without(
      List<DeploymentCondition> conditions, String type) {
    return new ArrayList<>(conditions.stream().filter(c -> !c.getType().equals(type)).toList());
  }
}
