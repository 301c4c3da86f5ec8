package dev.slipway.hooks.build;

import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.kube.Events;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.kube.PodTrouble;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a build stands from what is seen of it. The container's end counts, not the Job's
 * condition, which comes seconds later.
 */
final class BuildDecision {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Duration OWN_DEADLINE_SLACK = Duration.ofSeconds(45);

  private final BuildSight sight;
  private final PipelineSettings settings;

  private BuildDecision(BuildSight sight, PipelineSettings settings) {
    this.sight = sight;
    this.settings = settings;
  }

  static BuildState decide(BuildSight sight, PipelineSettings settings) {
    return new BuildDecision(sight, settings).decide();
  }

  private BuildState decide() {
    Pod pod = sight.pod();
    Optional<BuildState> state = pod == null ? withoutPod() : withPod(pod);
    return state.or(this::overdue).orElseGet(() -> pod == null ? noPodYet() : waiting(pod));
  }

  private Optional<BuildState> withPod(Pod pod) {
    Optional<BuildState> ended =
        ended(pod)
            .or(() -> podFailed(pod))
            .or(() -> isDeleted(pod) ? Optional.empty() : jobFailed());
    if (ended.isPresent()) {
      return ended;
    }
    if (isDeleted(pod)) {
      // What it was doing it may still finish; why it is deleted the Job tells in a moment.
      return Optional.of(new BuildState.Waiting("the end of the build's pod, which was deleted"));
    }
    return PodTrouble.of(pod, sight.events()).map(this::trouble);
  }

  private Optional<BuildState> withoutPod() {
    Optional<BuildState> failed = jobFailed();
    if (failed.isPresent()) {
      return failed;
    }
    if (sight.podSeen()) {
      return Optional.of(
          new BuildState.Failed(
              "PodDeleted", "the pod of the build was deleted; push again to build again."));
    }
    return sight.job() == null && sight.age().compareTo(settings.pullGrace()) > 0
        ? Optional.of(
            new BuildState.Failed(
                "JobDeleted", "the Job of the build was deleted; push again to build again."))
        : Optional.empty();
  }

  private Optional<BuildState> ended(Pod pod) {
    for (ContainerStatus init : pod.getStatus().getInitContainerStatuses()) {
      ContainerStateTerminated end = end(init);
      if (end != null && end.getExitCode() != 0) {
        return Optional.of(initFailed(pod, end));
      }
    }
    return pod.getStatus().getContainerStatuses().stream()
        .findFirst()
        .flatMap(main -> Optional.ofNullable(end(main)))
        .map(end -> mainEnded(pod, end));
  }

  private BuildState mainEnded(Pod pod, ContainerStateTerminated end) {
    if (end.getExitCode() == 0) {
      Matcher digest = DIGEST.matcher(end.getMessage() == null ? "" : end.getMessage());
      return digest.find() ? new BuildState.Built(digest.group()) : new BuildState.Broken(0);
    }
    Optional<BuildState> cause = podFailed(pod).or(() -> outOfMemory(end)).or(this::jobDeadline);
    if (cause.isPresent()) {
      return cause.get();
    }
    if ("StartError".equals(end.getReason()) || "ContainerCannotRun".equals(end.getReason())) {
      return new BuildState.Failed(
          "BuilderNotStarted",
          "the builder's container could not be started: %s; check spec.builder.image of the Remote."
              .formatted(message(end)));
    }
    return isDeleted(pod)
        ? new BuildState.Failed(
            "PodDeleted", "the pod of the build was deleted; push again to build again.")
        : new BuildState.Broken(end.getExitCode());
  }

  private BuildState initFailed(Pod pod, ContainerStateTerminated end) {
    return podFailed(pod)
        .or(() -> outOfMemory(end))
        .or(this::jobDeadline)
        .orElseGet(
            () ->
                new BuildState.Failed(
                    "ContextFailed",
                    message(end).isEmpty()
                        ? "fetching the build context ended with exit code %d; push again."
                            .formatted(end.getExitCode())
                        : message(end)));
  }

  private static Optional<BuildState> outOfMemory(ContainerStateTerminated end) {
    return "OOMKilled".equals(end.getReason())
        ? Optional.of(
            new BuildState.Failed(
                "OutOfMemory",
                "the build ran out of memory; raise spec.builder.resources.limits.memory of the"
                    + " Remote."))
        : Optional.empty();
  }

  private static Optional<BuildState> podFailed(Pod pod) {
    String reason = pod.getStatus().getReason();
    if (!"Failed".equals(pod.getStatus().getPhase()) || reason == null) {
      return Optional.empty();
    }
    String message = PlainText.oneLine(String.valueOf(pod.getStatus().getMessage()));
    return Optional.of(
        switch (reason) {
          case "DeadlineExceeded" -> deadline();
          case "Evicted" ->
              new BuildState.Failed(
                  "Evicted",
                  "the build was evicted from its node: %s Push again.".formatted(message));
          default ->
              new BuildState.Failed(
                  "PodFailed", "the pod of the build failed, %s: %s".formatted(reason, message));
        });
  }

  private Optional<BuildState> jobDeadline() {
    return jobCondition("DeadlineExceeded").isPresent()
        ? Optional.of(deadline())
        : Optional.empty();
  }

  private Optional<BuildState> jobFailed() {
    return jobDeadline()
        .or(
            () ->
                jobCondition("BackoffLimitExceeded")
                    .filter(message -> sight.podSeen() && sight.pod() == null)
                    .map(
                        message ->
                            new BuildState.Failed(
                                "PodDeleted",
                                "the pod of the build was deleted; push again to build again.")));
  }

  /** The message of a Job's failure for a reason. */
  private Optional<String> jobCondition(String reason) {
    Job job = sight.job();
    return job == null || job.getStatus() == null
        ? Optional.empty()
        : job.getStatus().getConditions().stream()
            .filter(
                condition ->
                    reason.equals(condition.getReason()) && "True".equals(condition.getStatus()))
            .findFirst()
            .map(condition -> String.valueOf(condition.getMessage()));
  }

  private static BuildState deadline() {
    return new BuildState.Failed(
        "DeadlineExceeded",
        "the build took longer than it may; make it shorter, or raise spec.builder.timeoutSeconds of"
            + " the Remote.");
  }

  private BuildState trouble(PodTrouble trouble) {
    Duration grace =
        switch (trouble.kind()) {
          case UNSCHEDULABLE -> settings.startLimit();
          case MOUNT -> settings.mountGrace();
          case PULL, CONFIGURATION, CRASH -> settings.pullGrace();
          case FATAL -> Duration.ZERO;
        };
    if (sight.troubleFor().compareTo(grace) < 0) {
      return new BuildState.Waiting(
          "the build's pod to start (%s: %s)".formatted(trouble.reason(), trouble.message()));
    }
    String advice =
        switch (trouble.kind()) {
          case UNSCHEDULABLE ->
              "no node can take the build: %s; make room or change spec.builder of the Remote.";
          case MOUNT ->
              "a volume of the build cannot be mounted: %s; check that its Secret exists.";
          case PULL, FATAL ->
              "an image that the build runs with cannot be pulled: %s; check spec.builder.image of"
                  + " the Remote.";
          case CONFIGURATION, CRASH -> "the build's container cannot be created: %s.";
        };
    return new BuildState.Failed(trouble.reason(), advice.formatted(trouble.message()));
  }

  private Optional<BuildState> overdue() {
    return sight.age().compareTo(sight.timeout().plus(OWN_DEADLINE_SLACK)) > 0
        ? Optional.of(deadline())
        : Optional.empty();
  }

  private BuildState noPodYet() {
    Optional<String> refused = Events.lastWarning(sight.events(), List.of("FailedCreate"));
    if (refused.isEmpty()) {
      return sight.troubleFor().compareTo(settings.startLimit()) < 0
          ? new BuildState.Waiting("the build's pod to be created")
          : new BuildState.Failed(
              "NoPod",
              "no pod was created for the build in %d s; is the Job controller running?"
                  .formatted(settings.startLimit().toSeconds()));
    }
    boolean mayPass = refused.get().contains("exceeded quota");
    Duration grace = mayPass ? settings.startLimit() : settings.pullGrace();
    return sight.troubleFor().compareTo(grace) < 0
        ? new BuildState.Waiting("the build's pod to be allowed (%s)".formatted(refused.get()))
        : new BuildState.Failed(
            "FailedCreate",
            "the cluster refuses the build's pod: %s; raise the quota or relax the policy."
                .formatted(refused.get()));
  }

  private static BuildState waiting(Pod pod) {
    boolean running =
        pod.getStatus().getContainerStatuses().stream()
            .findFirst()
            .map(ContainerStatus::getState)
            .filter(state -> state.getRunning() != null)
            .isPresent();
    if (running) {
      return new BuildState.Running();
    }
    boolean fetching =
        pod.getStatus().getInitContainerStatuses().stream()
            .anyMatch(init -> init.getState() != null && init.getState().getRunning() != null);
    return new BuildState.Waiting(
        fetching ? "the build context to arrive" : "the build's pod to start");
  }

  private static boolean isDeleted(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  private static @Nullable ContainerStateTerminated end(ContainerStatus status) {
    return status.getState() == null ? null : status.getState().getTerminated();
  }

  private static String message(ContainerStateTerminated end) {
    return end.getMessage() == null ? "" : PlainText.oneLine(end.getMessage());
  }
}
