package dev.slipway.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.check.Finding;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GitdStateTest {
  private static final Instant NOW = Instant.parse("2026-01-01T02:00:00Z");

  @Test
  void isThereWhenAReplicaIsAvailable() {
    assertThat(GitdState.findings(deployment(2, 2, 1), NOW)).isEmpty();
  }

  @Test
  void isAsItShouldBeWhileItSleeps() {
    Deployment asleep = deployment(2, 1, 1).edit().editSpec().withReplicas(0).endSpec().build();

    assertThat(GitdState.findings(asleep, NOW)).isEmpty();
    assertThat(GitdState.isAsleep(asleep)).isTrue();
  }

  @Test
  void readsNothingFromAStatusOfAnEarlierGeneration() {
    assertThat(GitdState.findings(deployment(3, 2, 1), NOW))
        .extracting(Finding::weight)
        .containsExactly(Finding.Weight.WAITING);
  }

  @Test
  void waitsWhileNoReplicaIsAvailable() {
    assertThat(GitdState.findings(deployment(1, 1, 0), NOW))
        .extracting(Finding::weight)
        .containsExactly(Finding.Weight.WAITING);
  }

  @Test
  void repeatsWhyNoPodCanBeMade() {
    Deployment refused =
        deployment(1, 1, 0)
            .edit()
            .editStatus()
            .addNewCondition()
            .withType("ReplicaFailure")
            .withStatus("True")
            .withReason("FailedCreate")
            .withMessage("exceeded quota: pods.")
            .endCondition()
            .endStatus()
            .build();
    assertThat(GitdState.findings(refused, NOW))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.weight()).isEqualTo(Finding.Weight.BLOCKING);
              assertThat(finding.reason()).isEqualTo("FailedCreate");
              assertThat(finding.message()).contains("exceeded quota: pods.");
            });
  }

  @Test
  void doesNotStartWhenItsPodHasNotAnsweredForFiveMinutes() {
    assertThat(GitdState.findings(unavailable(1, "01:00:00", "01:54:59"), NOW))
        .containsExactly(
            Finding.blocking(
                "DoesNotStart",
                "gitd has not answered for 5 minutes. See kubectl -n team describe deployment/dev-gitd"));
  }

  @Test
  void waitsForAPodThatWasReadyAWhileAgo() {
    assertThat(GitdState.findings(unavailable(1, "01:56:00", "01:00:00"), NOW))
        .extracting(Finding::reason)
        .containsExactly("Starting");
  }

  @Test
  void waitsForHoursForTheGitdOfBeforeToLetItsPushesEnd() {
    assertThat(GitdState.findings(unavailable(0, "01:00:00", "01:00:00"), NOW))
        .extracting(Finding::reason)
        .containsExactly("Starting");
  }

  @Test
  void allowsForThePushesOfBeforeSinceTheNewPodCame() {
    assertThat(GitdState.findings(unavailable(1, "01:00:00", "01:59:00"), NOW))
        .extracting(Finding::reason)
        .containsExactly("Starting");
  }

  /**
   * One that nobody answers.
   *
   * @param since when that began
   * @param progress when the Deployment last got on
   */
  private static Deployment unavailable(int updated, String since, String progress) {
    return deployment(1, 1, 0)
        .edit()
        .editStatus()
        .withUpdatedReplicas(updated)
        .addNewCondition()
        .withType("Available")
        .withStatus("False")
        .withLastTransitionTime("2026-01-01T" + since + "Z")
        .endCondition()
        .addNewCondition()
        .withType("Progressing")
        .withStatus("True")
        .withLastUpdateTime("2026-01-01T" + progress + "Z")
        .endCondition()
        .endStatus()
        .build();
  }

  private static Deployment deployment(long generation, long observed, int available) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("dev-gitd")
        .withNamespace("team")
        .withGeneration(generation)
        .endMetadata()
        .withNewSpec()
        .withReplicas(1)
        .endSpec()
        .withNewStatus()
        .withObservedGeneration(observed)
        .withAvailableReplicas(available == 0 ? null : available)
        .endStatus()
        .build();
  }
}
