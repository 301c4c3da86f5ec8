package dev.slipway.hooks.job;

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
import org.jspecify.annotations.Nullable;

/**
 * Decides where a Job stands from what is seen of it. The container's end counts, not the Job's
 * condition, which comes seconds later.
 */
final class JobDecision {
  private static final Duration OWN_DEADLINE_SLACK = Duration.ofSeconds(45);

  private final JobSight sight;
  private final PipelineSettings settings;
  private final JobWords words;

  private JobDecision(JobSight sight, PipelineSettings settings, JobWords words) {
    this.sight = sight;
    this.settings = settings;
    this.words = words;
  }

  static JobState decide(JobSight sight, PipelineSettings settings, JobWords words) {
    return new JobDecision(sight, settings, words).decide();
  }

  private JobState decide() {
    Pod pod = sight.pod();
    Optional<JobState> state = pod == null ? withoutPod() : withPod(pod);
    return state.or(this::overdue).orElseGet(() -> pod == null ? noPodYet() : waiting(pod));
  }

  private Optional<JobState> withPod(Pod pod) {
    Optional<JobState> ended =
        ended(pod)
            .or(() -> podFailed(pod))
            .or(() -> isDeleted(pod) ? Optional.empty() : jobFailed());
    if (ended.isPresent()) {
      return ended;
    }
    if (isDeleted(pod)) {
      // What it was doing it may still finish; why it is deleted the Job tells in a moment.
      return Optional.of(
          new JobState.Waiting(
              "the end of the %s's pod, which was deleted".formatted(words.subject())));
    }
    return PodTrouble.of(pod, sight.events()).map(this::trouble);
  }

  private Optional<JobState> withoutPod() {
    Optional<JobState> failed = jobFailed();
    if (failed.isPresent()) {
      return failed;
    }
    if (sight.podSeen()) {
      return Optional.of(podDeleted());
    }
    return sight.job() == null && sight.age().compareTo(settings.pullGrace()) > 0
        ? Optional.of(
            new JobState.Failed(
                "JobDeleted",
                "the Job of the %s was deleted; push again.".formatted(words.subject())))
        : Optional.empty();
  }

  private Optional<JobState> ended(Pod pod) {
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

  private JobState mainEnded(Pod pod, ContainerStateTerminated end) {
    if (end.getExitCode() == 0) {
      return new JobState.Ended(0, end.getMessage() == null ? "" : end.getMessage());
    }
    Optional<JobState> cause = podFailed(pod).or(() -> outOfMemory(end)).or(this::jobDeadline);
    if (cause.isPresent()) {
      return cause.get();
    }
    if ("StartError".equals(end.getReason()) || "ContainerCannotRun".equals(end.getReason())) {
      return new JobState.Failed(
          words.notStarted(),
          "%s could not be started: %s; %s."
              .formatted(words.program(), message(end), words.startAdvice()));
    }
    return isDeleted(pod) ? podDeleted() : new JobState.Ended(end.getExitCode(), message(end));
  }

  private JobState initFailed(Pod pod, ContainerStateTerminated end) {
    return podFailed(pod)
        .or(() -> outOfMemory(end))
        .or(this::jobDeadline)
        .orElseGet(
            () ->
                new JobState.Failed(
                    "ContextFailed",
                    message(end).isEmpty()
                        ? "fetching %s ended with exit code %d; push again."
                            .formatted(words.files(), end.getExitCode())
                        : message(end)));
  }

  private Optional<JobState> outOfMemory(ContainerStateTerminated end) {
    return "OOMKilled".equals(end.getReason())
        ? Optional.of(
            new JobState.Failed(
                "OutOfMemory",
                "the %s ran out of memory; raise %s.resources.limits.memory of the Remote."
                    .formatted(words.subject(), words.settings())))
        : Optional.empty();
  }

  private Optional<JobState> podFailed(Pod pod) {
    String reason = pod.getStatus().getReason();
    if (!"Failed".equals(pod.getStatus().getPhase()) || reason == null) {
      return Optional.empty();
    }
    String message = PlainText.oneLine(String.valueOf(pod.getStatus().getMessage()));
    return Optional.of(
        switch (reason) {
          case "DeadlineExceeded" -> deadline();
          case "Evicted" ->
              new JobState.Failed(
                  "Evicted",
                  "the %s was evicted from its node: %s Push again."
                      .formatted(words.subject(), message));
          default ->
              new JobState.Failed(
                  "PodFailed",
                  "the pod of the %s failed, %s: %s".formatted(words.subject(), reason, message));
        });
  }

  private Optional<JobState> jobDeadline() {
    return jobCondition("DeadlineExceeded").isPresent()
        ? Optional.of(deadline())
        : Optional.empty();
  }

  private Optional<JobState> jobFailed() {
    return jobDeadline()
        .or(
            () ->
                jobCondition("BackoffLimitExceeded")
                    .filter(message -> sight.podSeen() && sight.pod() == null)
                    .map(message -> podDeleted()));
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

  private JobState deadline() {
    return new JobState.Failed(
        "DeadlineExceeded",
        "the %s took longer than it may; make it shorter, or raise %s.timeoutSeconds of the Remote."
            .formatted(words.subject(), words.settings()));
  }

  private JobState podDeleted() {
    return new JobState.Failed(
        "PodDeleted", "the pod of the %s was deleted; push again.".formatted(words.subject()));
  }

  private JobState trouble(PodTrouble trouble) {
    Duration grace =
        switch (trouble.kind()) {
          case UNSCHEDULABLE -> settings.startLimit();
          case MOUNT -> settings.mountGrace();
          case PULL, CONFIGURATION, CRASH -> settings.pullGrace();
          case FATAL -> Duration.ZERO;
        };
    if (sight.troubleFor().compareTo(grace) < 0) {
      return new JobState.Waiting(
          "the %s's pod to start (%s: %s)"
              .formatted(words.subject(), trouble.reason(), trouble.message()));
    }
    String sentence =
        switch (trouble.kind()) {
          case UNSCHEDULABLE ->
              "no node can take the %s: %s; make room or change %s of the Remote."
                  .formatted(words.subject(), trouble.message(), words.settings());
          case MOUNT ->
              "a volume of the %s cannot be mounted: %s; check that its Secret exists."
                  .formatted(words.subject(), trouble.message());
          case PULL, FATAL ->
              "an image that the %s runs with cannot be pulled: %s; %s."
                  .formatted(words.subject(), trouble.message(), words.pullAdvice());
          case CONFIGURATION, CRASH ->
              "the %s's container cannot be created: %s."
                  .formatted(words.subject(), trouble.message());
        };
    return new JobState.Failed(trouble.reason(), sentence);
  }

  private Optional<JobState> overdue() {
    return sight.age().compareTo(sight.timeout().plus(OWN_DEADLINE_SLACK)) > 0
        ? Optional.of(deadline())
        : Optional.empty();
  }

  private JobState noPodYet() {
    Optional<String> refused = Events.lastWarning(sight.events(), List.of("FailedCreate"));
    if (refused.isEmpty()) {
      return sight.troubleFor().compareTo(settings.startLimit()) < 0
          ? new JobState.Waiting("the %s's pod to be created".formatted(words.subject()))
          : new JobState.Failed(
              "NoPod",
              "no pod was created for the %s in %d s; is the Job controller running?"
                  .formatted(words.subject(), settings.startLimit().toSeconds()));
    }
    boolean mayPass = refused.get().contains("exceeded quota");
    Duration grace = mayPass ? settings.startLimit() : settings.pullGrace();
    return sight.troubleFor().compareTo(grace) < 0
        ? new JobState.Waiting(
            "the %s's pod to be allowed (%s)".formatted(words.subject(), refused.get()))
        : new JobState.Failed(
            "FailedCreate",
            "the cluster refuses the %s's pod: %s; raise the quota or relax the policy."
                .formatted(words.subject(), refused.get()));
  }

  private JobState waiting(Pod pod) {
    boolean running =
        pod.getStatus().getContainerStatuses().stream()
            .findFirst()
            .map(ContainerStatus::getState)
            .filter(state -> state.getRunning() != null)
            .isPresent();
    if (running) {
      return new JobState.Running();
    }
    boolean fetching =
        pod.getStatus().getInitContainerStatuses().stream()
            .anyMatch(init -> init.getState() != null && init.getState().getRunning() != null);
    return new JobState.Waiting(
        fetching
            ? words.files() + " to arrive"
            : "the %s's pod to start".formatted(words.subject()));
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
