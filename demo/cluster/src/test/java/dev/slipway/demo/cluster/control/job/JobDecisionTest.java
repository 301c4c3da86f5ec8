package dev.slipway.demo.cluster.control.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobDecisionTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Job job =
      new JobBuilder()
          .withNewMetadata()
          .withNamespace("shop")
          .withName("build")
          .endMetadata()
          .withNewSpec()
          .withCompletions(1)
          .withParallelism(1)
          .withBackoffLimit(0)
          .withNewTemplate()
          .withNewSpec()
          .withRestartPolicy("Never")
          .endSpec()
          .endTemplate()
          .endSpec()
          .build();

  @Test
  void startsOnePodAndTellsWhen() {
    var picture = new JobPicture(job, List.of());
    var decision = JobDecision.of(picture, NOON);
    var status = JobStatuses.noted(picture, decision, 1, NOON);

    assertThat(decision.create()).isEqualTo(1);
    assertThat(status.getStartTime()).isEqualTo(NOON.toString());
    assertThat(status.getActive()).isEqualTo(1);
    assertThat(status.getReady()).isZero();
    assertThat(status.getTerminating()).isZero();
    assertThat(conditions(status)).isEmpty();
  }

  @Test
  void countsASuccessOnceAndThenCompletes() {
    var picture = new JobPicture(job, List.of(pod("a", "Succeeded")));
    var decision = JobDecision.of(picture, NOON);
    var noted = JobStatuses.noted(picture, decision, 0, NOON);
    var counted = JobStatuses.counted(noted, decision.verdict(), NOON);

    assertThat(noted.getUncountedTerminatedPods().getSucceeded()).containsExactly("a");
    assertThat(noted.getSucceeded()).isNull();
    assertThat(conditions(noted)).containsExactly("SuccessCriteriaMet CompletionsReached");
    assertThat(counted.getUncountedTerminatedPods().getSucceeded()).isEmpty();
    assertThat(counted.getSucceeded()).isEqualTo(1);
    assertThat(counted.getCompletionTime()).isEqualTo(NOON.toString());
    assertThat(conditions(counted))
        .containsExactly("SuccessCriteriaMet CompletionsReached", "Complete CompletionsReached");
  }

  @Test
  void failsWhenTheOnlyTryFails() {
    assertThat(end(pod("a", "Failed")))
        .containsExactly("FailureTarget BackoffLimitExceeded", "Failed BackoffLimitExceeded");
  }

  @Test
  void announcesTheFailureOfADeletedPodAndWaitsForItsEnd() {
    assertThat(end(deleted(pod("a", "Running"))))
        .containsExactly("FailureTarget BackoffLimitExceeded");
  }

  @Test
  void stopsThePodAtTheDeadlineAndCountsIt() {
    var late =
        new JobBuilder(job)
            .editSpec()
            .withActiveDeadlineSeconds(5L)
            .endSpec()
            .withNewStatus()
            .withStartTime(NOON.toString())
            .endStatus()
            .build();
    var picture = new JobPicture(late, List.of(pod("a", "Running")));

    assertThat(JobDecision.of(picture, NOON.plusSeconds(3)).again())
        .contains(Duration.ofSeconds(2));
    var decision = JobDecision.of(picture, NOON.plusSeconds(5));
    var noted = JobStatuses.noted(picture, decision, 0, NOON.plusSeconds(5));
    assertThat(decision.stop()).hasSize(1);
    assertThat(noted.getUncountedTerminatedPods().getFailed()).containsExactly("a");
    assertThat(noted.getTerminating()).isEqualTo(1);
    assertThat(conditions(noted)).containsExactly("FailureTarget DeadlineExceeded");
  }

  @Test
  void triesAgainTenSecondsAfterAFailureWhenItMay() {
    var patient = new JobBuilder(job).editSpec().withBackoffLimit(1).endSpec().build();
    var picture = new JobPicture(patient, List.of(pod("a", "Failed")));

    var early = JobDecision.of(picture, NOON.plusSeconds(4));
    assertThat(early.create()).isZero();
    assertThat(early.again()).contains(Duration.ofSeconds(6));
    assertThat(JobDecision.of(picture, NOON.plusSeconds(10)).create()).isEqualTo(1);
  }

  @Test
  void discardsPodsWhileSuspendedAndCountsNone() {
    var suspended = new JobBuilder(job).editSpec().withSuspend(true).endSpec().build();
    var picture = new JobPicture(suspended, List.of(pod("a", "Running")));
    var decision = JobDecision.of(picture, NOON);
    var noted = JobStatuses.noted(picture, decision, 0, NOON);

    assertThat(decision.discard()).hasSize(1);
    assertThat(noted.getUncountedTerminatedPods().getFailed()).isEmpty();
    assertThat(noted.getTerminating()).isEqualTo(1);
    assertThat(conditions(noted)).containsExactly("Suspended JobSuspended");
  }

  @Test
  void isRemovedSomeSecondsAfterItsEnd() {
    var ended =
        new JobBuilder(job)
            .editSpec()
            .withTtlSecondsAfterFinished(3)
            .endSpec()
            .withStatus(
                JobStatuses.counted(
                    JobStatuses.noted(
                        new JobPicture(job, List.of()),
                        JobDecision.of(new JobPicture(job, List.of()), NOON),
                        0,
                        NOON),
                    Optional.of(Verdict.SUCCEEDED),
                    NOON))
            .build();

    assertThat(JobDecision.untilTtl(ended, NOON.plusSeconds(1))).contains(Duration.ofSeconds(2));
    assertThat(JobDecision.untilTtl(job, NOON)).isEmpty();
  }

  private List<String> end(Pod pod) {
    var picture = new JobPicture(job, List.of(pod));
    var decision = JobDecision.of(picture, NOON);
    var noted = JobStatuses.noted(picture, decision, 0, NOON);
    return conditions(JobStatuses.counted(noted, decision.verdict(), NOON));
  }

  private static Pod pod(String uid, String phase) {
    return new PodBuilder()
        .withNewMetadata()
        .withUid(uid)
        .withName(uid)
        .withFinalizers(JobPicture.FINALIZER)
        .withCreationTimestamp(NOON.toString())
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }

  private static Pod deleted(Pod pod) {
    return new PodBuilder(pod)
        .editMetadata()
        .withDeletionTimestamp(NOON.toString())
        .endMetadata()
        .build();
  }

  private static List<String> conditions(JobStatus status) {
    return status.getConditions().stream().map(c -> c.getType() + " " + c.getReason()).toList();
  }
}
