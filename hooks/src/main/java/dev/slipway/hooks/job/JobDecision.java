package dev.slipway.hooks.job;

import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.kube.Events;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.kube.PodRefusal;
import dev.slipway.hooks.kube.PodTrouble;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a Job stands from what is seen of it. The container's end counts, not the Job's
 * condition, which comes seconds later.
 */
final class JobDecision {
  private static final Duration OWN_DEADLINE_SLACK = Duration.ofSeconds(45);
  private static final Set<String> FAILURE = Set.of("FailureTarget", "Failed");

  private final JobSight sight;
  private final PipelineSettings settings;
  private final JobWords words;
  private final JobFailures failures;

  private JobDecision(JobSight sight, PipelineSettings settings, JobWords words) {
    this.sight = sight;
    this.settings = settings;
    this.words = words;
    this.failures = new JobFailures(words);
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
    if (sight.isSuspended() && isDeleted(pod)) {
      return Optional.of(suspended());
    }
    Optional<JobState> ended =
        ended(pod)
            .or(() -> podFailed(pod))
            .or(() -> otherInitFailed(pod))
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
    return PodTrouble.of(pod, sight.events())
        .filter(trouble -> !hasBegun(pod) || isOurs(trouble.container()))
        .map(this::trouble);
  }

  private Optional<JobState> withoutPod() {
    Optional<JobState> failed = jobFailed();
    if (failed.isPresent()) {
      return failed;
    }
    if (sight.isSuspended()) {
      return Optional.of(suspended());
    }
    if (sight.podSeen()) {
      return Optional.of(failures.podDeleted());
    }
    return sight.job() == null && sight.age().compareTo(settings.pullGrace()) > 0
        ? Optional.of(failures.jobDeleted())
        : Optional.empty();
  }

  private JobState suspended() {
    return sight.troubleFor().compareTo(settings.startLimit()) < 0
        ? new JobState.Waiting(
            "the %s's Job to be resumed; it is suspended".formatted(words.subject()))
        : failures.suspended(settings.startLimit());
  }

  /** By their names: a webhook may have put containers of others before and beside them. */
  private Optional<JobState> ended(Pod pod) {
    Optional<ContainerStateTerminated> main = end(pod, words.container());
    if (main.filter(end -> end.getExitCode() != 0 || !isInit(pod)).isPresent()) {
      return main.map(end -> mainEnded(pod, end));
    }
    return end(pod, JobFrame.PUSH)
        .map(end -> pushEnded(pod, end))
        .or(
            () ->
                end(pod, FetchFiles.CONTAINER)
                    .filter(end -> end.getExitCode() != 0)
                    .map(end -> initFailed(pod, end)));
  }

  private static Optional<ContainerStateTerminated> end(Pod pod, String container) {
    return PodTrouble.statuses(pod)
        .filter(status -> status.getName().equals(container))
        .findFirst()
        .map(JobDecision::end);
  }

  /** Whether another container follows on the one that counts. */
  private boolean isInit(Pod pod) {
    return pod.getStatus().getInitContainerStatuses().stream().anyMatch(this::counts);
  }

  /** One that is started again and again may end badly without an end of the pod. */
  private Optional<JobState> otherInitFailed(Pod pod) {
    return pod.getStatus().getInitContainerStatuses().stream()
        .filter(init -> "Failed".equals(pod.getStatus().getPhase()))
        .filter(init -> !isOurs(init.getName()))
        .flatMap(
            init ->
                Optional.ofNullable(end(init))
                    .filter(end -> end.getExitCode() != 0)
                    .<JobState>map(
                        end ->
                            failures.otherInitFailed(
                                init.getName(), end.getExitCode(), message(end)))
                    .stream())
        .findFirst();
  }

  /** Whether the container that counts runs or has run. */
  private boolean hasBegun(Pod pod) {
    return PodTrouble.statuses(pod)
        .filter(this::counts)
        .map(ContainerStatus::getState)
        .anyMatch(
            state ->
                state != null && (state.getRunning() != null || state.getTerminated() != null));
  }

  /** Whether it is a container of the Job, or the pod as a whole. */
  private boolean isOurs(String container) {
    return container.isEmpty()
        || container.equals(words.container())
        || container.equals(FetchFiles.CONTAINER)
        || container.equals(JobFrame.PUSH);
  }

  /** Whether it is the one whose end is the Job's, also where another one follows on it. */
  private boolean counts(ContainerStatus status) {
    return status.getName().equals(words.container());
  }

  private JobState pushEnded(Pod pod, ContainerStateTerminated end) {
    if (end.getExitCode() == 0) {
      return mainEnded(pod, end);
    }
    return podFailed(pod)
        .or(() -> outOfMemory(end, failures.outOfMemory()))
        .or(this::jobDeadline)
        .orElseGet(
            () ->
                isDeleted(pod)
                    ? failures.podDeleted()
                    : failures.notPushed(end.getExitCode(), message(end)));
  }

  private JobState mainEnded(Pod pod, ContainerStateTerminated end) {
    if (end.getExitCode() == 0) {
      return new JobState.Ended(0, end.getMessage() == null ? "" : end.getMessage());
    }
    Optional<JobState> cause =
        podFailed(pod).or(() -> outOfMemory(end, failures.outOfMemory())).or(this::jobDeadline);
    if (cause.isPresent()) {
      return cause.get();
    }
    if ("StartError".equals(end.getReason()) || "ContainerCannotRun".equals(end.getReason())) {
      return failures.notStarted(message(end));
    }
    return isDeleted(pod)
        ? failures.podDeleted()
        : new JobState.Ended(end.getExitCode(), message(end));
  }

  private JobState initFailed(Pod pod, ContainerStateTerminated end) {
    return podFailed(pod)
        .or(() -> outOfMemory(end, failures.outOfMemoryFetching()))
        .or(this::jobDeadline)
        .orElseGet(() -> failures.notFetched(end.getExitCode(), message(end)));
  }

  private static Optional<JobState> outOfMemory(
      ContainerStateTerminated end, JobState.Failed failure) {
    return "OOMKilled".equals(end.getReason()) ? Optional.of(failure) : Optional.empty();
  }

  private Optional<JobState> podFailed(Pod pod) {
    String reason = pod.getStatus().getReason();
    if (!"Failed".equals(pod.getStatus().getPhase()) || reason == null) {
      return Optional.empty();
    }
    String message = PlainText.oneLine(String.valueOf(pod.getStatus().getMessage()));
    return Optional.of(
        switch (reason) {
          case "DeadlineExceeded" -> failures.deadline();
          case "Evicted" -> failures.evicted(message);
          default -> failures.podFailed(reason, message);
        });
  }

  private Optional<JobState> jobDeadline() {
    return jobFailure()
        .filter(condition -> "DeadlineExceeded".equals(condition.getReason()))
        .map(condition -> failures.deadline());
  }

  /** While there is a pod it tells more than its Job, but for a deadline. */
  private Optional<JobState> jobFailed() {
    return jobDeadline()
        .or(
            () ->
                jobFailure()
                    .filter(condition -> sight.pod() == null)
                    .map(
                        condition ->
                            sight.podSeen()
                                ? failures.podDeleted()
                                : failures.withoutPod(
                                    String.valueOf(condition.getReason()),
                                    PlainText.oneLine(String.valueOf(condition.getMessage())))));
  }

  /** The condition that says so early, or the one that comes when all pods have ended. */
  private Optional<JobCondition> jobFailure() {
    Job job = sight.job();
    return job == null || job.getStatus() == null
        ? Optional.empty()
        : job.getStatus().getConditions().stream()
            .filter(condition -> FAILURE.contains(condition.getType()))
            .filter(condition -> "True".equals(condition.getStatus()))
            .findFirst();
  }

  private JobState trouble(PodTrouble trouble) {
    Duration grace =
        switch (trouble.kind()) {
          case UNSCHEDULABLE -> settings.startLimit();
          case MOUNT, SANDBOX -> settings.mountGrace();
          case PULL, CONFIGURATION, CRASH -> settings.pullGrace();
          case FATAL -> Duration.ZERO;
        };
    if (sight.troubleFor().compareTo(grace) < 0) {
      return new JobState.Waiting(
          "the %s's pod to start (%s: %s)"
              .formatted(words.subject(), trouble.reason(), trouble.message()));
    }
    return isOurs(trouble.container()) ? failures.trouble(trouble) : failures.otherTrouble(trouble);
  }

  private Optional<JobState> overdue() {
    return sight.age().compareTo(sight.timeout().plus(OWN_DEADLINE_SLACK)) > 0
        ? Optional.of(failures.deadline())
        : Optional.empty();
  }

  private JobState noPodYet() {
    Optional<PodRefusal> refused =
        Events.lastWarning(sight.events(), List.of("FailedCreate")).map(PodRefusal::new);
    if (refused.isEmpty()) {
      return sight.troubleFor().compareTo(settings.startLimit()) < 0
          ? new JobState.Waiting("the %s's pod to be created".formatted(words.subject()))
          : failures.noPod(settings.startLimit());
    }
    Duration grace = refused.get().mayPass() ? settings.startLimit() : settings.pullGrace();
    return sight.troubleFor().compareTo(grace) < 0
        ? new JobState.Waiting(
            "the %s's pod to be allowed (%s)".formatted(words.subject(), refused.get().message()))
        : failures.refused(refused.get());
  }

  private JobState waiting(Pod pod) {
    Optional<ContainerState> counting =
        PodTrouble.statuses(pod).filter(this::counts).findFirst().map(ContainerStatus::getState);
    if (counting.filter(state -> state.getRunning() != null).isPresent()) {
      return new JobState.Running();
    }
    if (counting.filter(state -> state.getTerminated() != null).isPresent()) {
      return new JobState.Finishing("the image to be pushed");
    }
    boolean fetching =
        pod.getStatus().getInitContainerStatuses().stream()
            .filter(init -> init.getName().equals(FetchFiles.CONTAINER))
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
