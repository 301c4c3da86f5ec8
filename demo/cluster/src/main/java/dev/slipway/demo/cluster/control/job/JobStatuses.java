package dev.slipway.demo.cluster.control.job;

import static dev.slipway.demo.cluster.control.job.JobPicture.orZero;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPods;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says how a Job stands: first with the pods that are yet to be counted, then with the numbers. */
final class JobStatuses {
  private static final String SUSPENDED = "Suspended";

  private JobStatuses() {}

  /**
   * The status after the decision was carried out and before finalizers are taken away.
   *
   * @param created how many pods were really created
   */
  static JobStatus noted(JobPicture picture, JobDecision decision, int created, Instant now) {
    var job = picture.job();
    var before = JobPicture.status(job);
    var ended = new ArrayList<>(decision.stop());
    ended.addAll(decision.discard());
    var staying = picture.active().stream().filter(pod -> !ended.contains(pod)).toList();
    var failed = picture.uncountedFailed();
    decision.stop().stream()
        .filter(JobPicture::isTracked)
        .forEach(pod -> failed.add(pod.getMetadata().getUid()));
    var conditions = conditions(job, decision, now);
    return new JobStatusBuilder(before)
        .withStartTime(startTime(job, now))
        .withActive(absentIfZero(staying.size() + created))
        .withReady((int) staying.stream().filter(PodFacts::isReady).count())
        .withTerminating(picture.terminating() + ended.size())
        .withUncountedTerminatedPods(
            new UncountedTerminatedPods(
                List.copyOf(failed), List.copyOf(picture.uncountedSucceeded())))
        .withConditions(conditions)
        .build();
  }

  /** The status when all uncounted pods have lost their finalizer. */
  static JobStatus counted(JobStatus noted, Optional<Verdict> verdict, Instant now) {
    var uncounted = noted.getUncountedTerminatedPods();
    var result =
        new JobStatusBuilder(noted)
            .withSucceeded(
                absentIfZero(orZero(noted.getSucceeded()) + uncounted.getSucceeded().size()))
            .withFailed(absentIfZero(orZero(noted.getFailed()) + uncounted.getFailed().size()))
            .withUncountedTerminatedPods(new UncountedTerminatedPods());
    if (verdict.isPresent() && orZero(noted.getTerminating()) == 0) {
      var end = verdict.get();
      result.addToConditions(condition(end.end(), "True", end.reason(), end.message(), now));
      if (!end.isFailure()) {
        result.withCompletionTime(seconds(now));
      }
    }
    return result.build();
  }

  private static List<JobCondition> conditions(Job job, JobDecision decision, Instant now) {
    var conditions = new ArrayList<>(JobPicture.status(job).getConditions());
    var verdict = decision.verdict();
    if (verdict.isPresent()) {
      var type = verdict.get().announcement();
      if (conditions.stream().noneMatch(condition -> type.equals(condition.getType()))) {
        conditions.add(
            condition(type, "True", verdict.get().reason(), verdict.get().message(), now));
      }
    } else {
      suspension(job)
          .ifPresent(
              suspended -> {
                var told =
                    suspended
                        ? condition(SUSPENDED, "True", "JobSuspended", "Job suspended", now)
                        : condition(SUSPENDED, "False", "JobResumed", "Job resumed", now);
                conditions.replaceAll(c -> SUSPENDED.equals(c.getType()) ? told : c);
                if (!conditions.contains(told)) {
                  conditions.add(told);
                }
              });
    }
    return conditions;
  }

  /** True when the Job has just been suspended, false when resumed, empty when nothing is new. */
  static Optional<Boolean> suspension(Job job) {
    boolean suspended = JobDecision.isSuspended(job);
    boolean told =
        JobPicture.status(job).getConditions().stream()
            .anyMatch(c -> SUSPENDED.equals(c.getType()) && "True".equals(c.getStatus()));
    return suspended == told ? Optional.empty() : Optional.of(suspended);
  }

  private static @Nullable String startTime(Job job, Instant now) {
    var before = JobPicture.status(job).getStartTime();
    boolean resumed = suspension(job).filter(suspended -> !suspended).isPresent();
    if (resumed || (before == null && !JobDecision.isSuspended(job))) {
      return seconds(now);
    }
    return before;
  }

  /** The condition that makes the end final, if there is one. */
  static Optional<JobCondition> end(Job job) {
    return JobPicture.status(job).getConditions().stream()
        .filter(c -> Objects.equals(c.getStatus(), "True"))
        .filter(c -> c.getType().equals("Complete") || c.getType().equals("Failed"))
        .findFirst();
  }

  private static JobCondition condition(
      String type, String status, String reason, String message, Instant now) {
    return new JobConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .withLastProbeTime(seconds(now))
        .withLastTransitionTime(seconds(now))
        .build();
  }

  private static @Nullable Integer absentIfZero(int number) {
    return number == 0 ? null : number;
  }

  private static String seconds(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
