package dev.slipway.demo.cluster.control.job;

import static dev.slipway.demo.cluster.control.job.JobPicture.orZero;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to do for a Job now.
 *
 * @param verdict how it ends, once that is clear
 * @param stop running pods that end with it, counted as failures when it fails
 * @param discard running pods that are not wanted any more and count for nothing
 * @param create how many pods are missing
 * @param again when the clock alone makes a difference
 */
record JobDecision(
    Optional<Verdict> verdict,
    List<Pod> stop,
    List<Pod> discard,
    int create,
    Optional<Duration> again) {
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
  private static final Duration LAST_BACKOFF = Duration.ofMinutes(10);

  static JobDecision of(JobPicture picture, Instant now) {
    var verdict = verdict(picture, now);
    var active = picture.active();
    if (verdict.filter(Verdict::isFailure).isPresent()) {
      return new JobDecision(verdict, active, List.of(), 0, Optional.empty());
    }
    if (verdict.isPresent() || isSuspended(picture.job())) {
      return new JobDecision(verdict, List.of(), active, 0, Optional.empty());
    }
    int wanted = wanted(picture);
    var deadline = untilDeadline(picture.job(), now);
    if (active.size() >= wanted) {
      var excess = active.subList(wanted, active.size());
      return new JobDecision(verdict, List.of(), excess, 0, deadline);
    }
    var backoff = backoff(picture, now);
    return backoff.isPresent()
        ? new JobDecision(verdict, List.of(), List.of(), 0, earlier(backoff, deadline))
        : new JobDecision(verdict, List.of(), List.of(), wanted - active.size(), deadline);
  }

  private static Optional<Verdict> verdict(JobPicture picture, Instant now) {
    var job = picture.job();
    var announced = announced(job);
    if (announced.isPresent()) {
      return announced;
    }
    int limit = job.getSpec().getBackoffLimit() == null ? 6 : job.getSpec().getBackoffLimit();
    if (picture.failed() > limit || restartedTooOften(picture, limit)) {
      return Optional.of(Verdict.TOO_MANY_FAILURES);
    }
    if (untilDeadline(job, now).filter(left -> !left.isPositive()).isPresent()) {
      return Optional.of(Verdict.TOO_LATE);
    }
    var completions = job.getSpec().getCompletions();
    boolean complete =
        completions == null
            ? picture.succeeded() > 0 && picture.active().isEmpty()
            : picture.succeeded() >= completions;
    return complete ? Optional.of(Verdict.SUCCEEDED) : Optional.empty();
  }

  private static Optional<Verdict> announced(Job job) {
    return JobPicture.status(job).getConditions().stream()
        .filter(condition -> "True".equals(condition.getStatus()))
        .flatMap(
            condition ->
                Arrays.stream(Verdict.values())
                    .filter(
                        verdict ->
                            verdict.announcement().equals(condition.getType())
                                && verdict.reason().equals(condition.getReason())))
        .findFirst();
  }

  private static boolean restartedTooOften(JobPicture picture, int limit) {
    if (!"OnFailure".equals(picture.job().getSpec().getTemplate().getSpec().getRestartPolicy())) {
      return false;
    }
    int restarts =
        picture.active().stream()
            .map(Pod::getStatus)
            .filter(Objects::nonNull)
            .flatMap(
                status ->
                    Stream.concat(
                        status.getInitContainerStatuses().stream(),
                        status.getContainerStatuses().stream()))
            .mapToInt(ContainerStatus::getRestartCount)
            .sum();
    return limit == 0 ? restarts > 0 : restarts >= limit;
  }

  private static Optional<Duration> untilDeadline(Job job, Instant now) {
    var seconds = job.getSpec().getActiveDeadlineSeconds();
    var start = JobPicture.status(job).getStartTime();
    if (seconds == null || isSuspended(job)) {
      return Optional.empty();
    }
    var from = start == null ? now : PodFacts.time(start);
    return Optional.of(Duration.between(now, from.plusSeconds(seconds)));
  }

  private static int wanted(JobPicture picture) {
    var spec = picture.job().getSpec();
    int parallelism = spec.getParallelism() == null ? 1 : spec.getParallelism();
    if (spec.getCompletions() == null) {
      return picture.succeeded() > 0 ? Math.min(picture.active().size(), parallelism) : parallelism;
    }
    return Math.min(parallelism, Math.max(0, spec.getCompletions() - picture.succeeded()));
  }

  /** How long to wait before a failed pod is replaced; empty when it was long enough ago. */
  private static Optional<Duration> backoff(JobPicture picture, Instant now) {
    var last =
        picture.pods().stream()
            .filter(PodFacts::isFailed)
            .map(JobDecision::ended)
            .max(Instant::compareTo);
    int failures = picture.failed();
    if (failures == 0 || last.isEmpty()) {
      return Optional.empty();
    }
    var delay = FIRST_BACKOFF.multipliedBy(1L << Math.min(failures - 1, 10));
    var capped = delay.compareTo(LAST_BACKOFF) < 0 ? delay : LAST_BACKOFF;
    return Optional.of(Duration.between(now, last.get().plus(capped))).filter(Duration::isPositive);
  }

  private static Instant ended(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .map(status -> status.getState() == null ? null : status.getState().getTerminated())
        .filter(Objects::nonNull)
        .map(terminated -> PodFacts.time(terminated.getFinishedAt()))
        .max(Instant::compareTo)
        .orElseGet(() -> PodFacts.time(pod.getMetadata().getCreationTimestamp()));
  }

  static boolean isSuspended(Job job) {
    return Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
    return Stream.concat(one.stream(), other.stream()).min(Duration::compareTo);
  }

  /** When the finished Job is to be deleted: zero or less when that time has come. */
  static Optional<Duration> untilTtl(Job job, Instant now) {
    var seconds = job.getSpec().getTtlSecondsAfterFinished();
    return seconds == null
        ? Optional.empty()
        : JobStatuses.end(job)
            .map(end -> Duration.between(now, PodFacts.time(end.getLastTransitionTime())))
            .map(sinceEnd -> sinceEnd.plusSeconds(orZero(seconds)));
  }
}
