package dev.slipway.hooks.deploy;

import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.kube.Events;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.kube.PodTrouble;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a rollout stands. Nothing in the status counts before the controller has observed
 * the present generation: until then it speaks of the rollout before.
 */
final class RolloutDecision {
  private final RolloutSight sight;
  private final PipelineSettings settings;
  private final Duration timeout;

  private RolloutDecision(RolloutSight sight, PipelineSettings settings, Duration timeout) {
    this.sight = sight;
    this.settings = settings;
    this.timeout = timeout;
  }

  /**
   * Decides.
   *
   * @param timeout until a rollout that is not healthy has failed, whatever its conditions say:
   *     where a quota blocks an old ReplicaSet, they never say so
   */
  static RolloutState decide(RolloutSight sight, PipelineSettings settings, Duration timeout) {
    return new RolloutDecision(sight, settings, timeout).decide();
  }

  private RolloutState decide() {
    Deployment deployment = sight.deployment();
    if (deployment == null) {
      return new RolloutState.Failed("DeploymentDeleted", "was deleted while it was rolled out.");
    }
    if (Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
      return new RolloutState.Failed(
          "Paused",
          "is paused and does not roll out; run kubectl rollout resume, then push again.");
    }
    DeploymentStatus status = deployment.getStatus();
    boolean observed =
        status != null
            && number(status.getObservedGeneration()) >= deployment.getMetadata().getGeneration();
    if (observed && isHealthy(deployment, status)) {
      return new RolloutState.Healthy();
    }
    return podsFailed()
        .or(() -> observed ? failed() : Optional.empty())
        .or(this::overdue)
        .orElseGet(() -> progress(deployment, observed));
  }

  private static boolean isHealthy(Deployment deployment, DeploymentStatus status) {
    int wanted = wanted(deployment);
    int updated = number(status.getUpdatedReplicas());
    return updated >= wanted
        && number(status.getReplicas()) <= updated
        && number(status.getAvailableReplicas()) >= updated;
  }

  /** Pods that run the new images tell of this rollout, however late its status is. */
  private Optional<RolloutState> podsFailed() {
    return sight.podTrouble().flatMap(this::podFailed);
  }

  private Optional<RolloutState> failed() {
    if (sight
        .condition("Progressing")
        .filter(condition -> "ProgressDeadlineExceeded".equals(condition.getReason()))
        .isPresent()) {
      return Optional.of(
          new RolloutState.Failed(
              "ProgressDeadlineExceeded", "made no progress within its deadline" + why() + "."));
    }
    return sight
        .replicaFailure()
        .filter(message -> sight.troubleFor().compareTo(settings.startLimit()) >= 0)
        .map(
            message ->
                new RolloutState.Failed(
                    "FailedCreate",
                    "cannot make new pods: %s; raise the quota or relax the policy."
                        .formatted(PlainText.oneLine(message))));
  }

  private Optional<RolloutState> podFailed(PodTrouble trouble) {
    boolean patient =
        switch (trouble.kind()) {
          case FATAL -> false;
          case PULL, CONFIGURATION -> sight.troubleFor().compareTo(settings.pullGrace()) < 0;
          case MOUNT -> sight.troubleFor().compareTo(settings.mountGrace()) < 0;
          case UNSCHEDULABLE -> sight.troubleFor().compareTo(settings.startLimit()) < 0;
          case CRASH -> restarts() < settings.crashLimit();
        };
    if (patient) {
      return Optional.empty();
    }
    String sentence =
        switch (trouble.kind()) {
          case FATAL, PULL -> "cannot pull its new image: %s".formatted(trouble.message());
          case CONFIGURATION -> "cannot start its new container: %s".formatted(trouble.message());
          case MOUNT -> "cannot mount a volume of its new pod: %s".formatted(trouble.message());
          case UNSCHEDULABLE -> "finds no node for its new pod: %s".formatted(trouble.message());
          case CRASH ->
              "crashes with the new image: %s, %d restarts".formatted(lastEnd(), restarts());
        };
    return Optional.of(new RolloutState.Failed(trouble.reason(), sentence + "."));
  }

  private Optional<RolloutState> overdue() {
    return sight.age().compareTo(timeout) < 0
        ? Optional.empty()
        : Optional.of(
            new RolloutState.Failed(
                "RolloutTimeout",
                "was not healthy within %d s%s.".formatted(timeout.toSeconds(), why())));
  }

  /** What was in the way, for a sentence about a deadline. */
  private String why() {
    return inTheWay().map(text -> ": " + text).orElse("");
  }

  private Optional<String> inTheWay() {
    return sight
        .podTrouble()
        .map(
            trouble ->
                trouble.kind() == PodTrouble.Kind.CRASH
                    ? "its new container ends again and again, " + lastEnd()
                    : trouble.reason() + ", " + trouble.message())
        .or(() -> sight.replicaFailure().map(PlainText::oneLine))
        .or(() -> Events.lastWarning(sight.events(), List.of("Unhealthy", "BackOff", "Failed")));
  }

  private RolloutState progress(Deployment deployment, boolean observed) {
    DeploymentStatus status = deployment.getStatus();
    int wanted = wanted(deployment);
    if (!observed || status == null) {
      return new RolloutState.Progressing("", "the Deployment controller");
    }
    int updated = number(status.getUpdatedReplicas());
    long ready = sight.newPods().stream().filter(RolloutDecision::isReady).count();
    String progress =
        updated >= wanted && ready >= wanted
            ? "%d of %d new replicas ready, old ones are ending".formatted(ready, wanted)
            : "%d of %d new replicas ready".formatted(ready, wanted);
    return new RolloutState.Progressing(progress, inTheWay().orElse("its new replicas"));
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  private int restarts() {
    return sight.newPods().stream()
        .flatMap(PodTrouble::statuses)
        .mapToInt(status -> number(status.getRestartCount()))
        .max()
        .orElse(0);
  }

  private String lastEnd() {
    return sight.newPods().stream()
        .flatMap(PodTrouble::statuses)
        .map(ContainerStatus::getLastState)
        .filter(state -> state != null && state.getTerminated() != null)
        .findFirst()
        .map(
            state ->
                "%s, exit code %d"
                    .formatted(
                        state.getTerminated().getReason(), state.getTerminated().getExitCode()))
        .orElse("it ends at once");
  }

  private static int wanted(Deployment deployment) {
    Integer replicas = deployment.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }

  /** Counters that are 0 are absent. */
  private static int number(@Nullable Integer counter) {
    return counter == null ? 0 : counter;
  }

  private static long number(@Nullable Long counter) {
    return counter == null ? 0 : counter;
  }
}
