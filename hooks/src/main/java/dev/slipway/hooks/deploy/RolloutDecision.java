package dev.slipway.hooks.deploy;

import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.kube.Events;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.kube.PodRefusal;
import dev.slipway.hooks.kube.PodTrouble;
import dev.slipway.hooks.workload.LiveWorkload;
import dev.slipway.hooks.workload.Pods;
import dev.slipway.hooks.workload.Progress;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a rollout stands. Nothing in the status counts before the controller has observed
 * the present generation: until then it speaks of the rollout before.
 */
final class RolloutDecision {
  private static final Set<String> NOT_STARTED = Set.of("StartError", "ContainerCannotRun");

  private final RolloutSight sight;
  private final RolloutSight.Seen seen;
  private final PipelineSettings settings;
  private final Duration timeout;

  private RolloutDecision(RolloutSight sight, PipelineSettings settings, Duration timeout) {
    this.sight = sight;
    this.seen = sight.seen();
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
    LiveWorkload workload = seen.workload();
    if (workload == null) {
      return new RolloutState.Failed("WorkloadDeleted", "was deleted while it was rolled out.");
    }
    Optional<RolloutState> obstacle =
        workload.obstacle().map(it -> new RolloutState.Failed(it.reason(), it.sentence()));
    if (obstacle.isPresent()) {
      return obstacle.get();
    }
    Progress progress = workload.progress();
    if (progress.isComplete()) {
      return new RolloutState.Healthy(workload.end());
    }
    return podsFailed()
        .or(() -> progress.observed() ? failed(workload) : Optional.empty())
        .or(this::overdue)
        .or(this::stuck)
        .orElseGet(() -> progress(workload, progress));
  }

  /** Pods that run the new images tell of this rollout, however late its status is. */
  private Optional<RolloutState> podsFailed() {
    return seen.podTrouble().flatMap(this::podFailed);
  }

  private Optional<RolloutState> failed(LiveWorkload workload) {
    if (workload.hasGivenUp()) {
      return Optional.of(
          new RolloutState.Failed(
              "ProgressDeadlineExceeded", "made no progress within its deadline" + why() + "."));
    }
    return seen.creationFailure()
        .filter(message -> sight.troubleFor().compareTo(settings.startLimit()) >= 0)
        .map(
            message ->
                new RolloutState.Failed(
                    "FailedCreate",
                    "cannot make new pods: %s; %s."
                        .formatted(
                            PlainText.oneLine(message),
                            new PodRefusal(message).advice("the resources of its containers"))));
  }

  private Optional<RolloutState> podFailed(PodTrouble trouble) {
    boolean patient =
        switch (trouble.kind()) {
          case FATAL -> false;
          case PULL, CONFIGURATION -> sight.troubleFor().compareTo(settings.pullGrace()) < 0;
          case MOUNT, SANDBOX -> sight.troubleFor().compareTo(settings.mountGrace()) < 0;
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
          case SANDBOX -> "cannot make its new pod: %s".formatted(trouble.message());
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
    return seen.podTrouble()
        .map(
            trouble ->
                trouble.kind() == PodTrouble.Kind.CRASH
                    ? "its new container ends again and again, " + lastEnd()
                    : trouble.reason() + ", " + trouble.message())
        .or(() -> seen.creationFailure().map(PlainText::oneLine))
        .or(() -> Events.lastWarning(seen.events(), List.of("Unhealthy", "BackOff", "Failed")));
  }

  private Optional<RolloutState> stuck() {
    return seen.stuck()
        .filter(pod -> sight.stuckFor().compareTo(settings.pullGrace()) >= 0)
        .map(RolloutState.Stuck::new);
  }

  private RolloutState progress(LiveWorkload workload, Progress progress) {
    if (!progress.observed()) {
      return new RolloutState.Progressing(
          "", "the %s controller".formatted(workload.workload().kind()));
    }
    int wanted = progress.wanted();
    // Pods are told apart by their images, which old and new ones may share.
    long ready =
        Math.min(progress.updated(), seen.newPods().stream().filter(Pods::isReady).count());
    String pods = workload.podsAre();
    String text =
        progress.updated() >= wanted && ready >= wanted && progress.outdated() > 0
            ? "%d of %d new %s ready, old ones are ending".formatted(ready, wanted, pods)
            : "%d of %d new %s ready".formatted(ready, wanted, pods);
    return new RolloutState.Progressing(text, inTheWay().orElse("its new " + pods));
  }

  private int restarts() {
    return seen.newPods().stream()
        .flatMap(PodTrouble::statuses)
        .mapToInt(status -> number(status.getRestartCount()))
        .max()
        .orElse(0);
  }

  private String lastEnd() {
    return seen.newPods().stream()
        .flatMap(PodTrouble::statuses)
        .map(ContainerStatus::getLastState)
        .filter(state -> state != null && state.getTerminated() != null)
        .findFirst()
        .map(state -> end(state.getTerminated()))
        .orElse("it ends at once");
  }

  /** What has not even started has no log, only the runtime's words. */
  private static String end(ContainerStateTerminated end) {
    String text = "%s, exit code %d".formatted(end.getReason(), end.getExitCode());
    return NOT_STARTED.contains(end.getReason()) && end.getMessage() != null
        ? "%s (%s)".formatted(text, PlainText.oneLine(end.getMessage()))
        : text;
  }

  /** Counters that are 0 are absent. */
  private static int number(@Nullable Integer counter) {
    return counter == null ? 0 : counter;
  }
}
