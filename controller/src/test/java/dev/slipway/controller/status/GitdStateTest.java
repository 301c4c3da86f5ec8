package dev.slipway.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.check.Finding;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.junit.jupiter.api.Test;

class GitdStateTest {
  @Test
  void isThereWhenAReplicaIsAvailable() {
    assertThat(GitdState.findings(deployment(2, 2, 1))).isEmpty();
  }

  @Test
  void isAsItShouldBeWhileItSleeps() {
    Deployment asleep = deployment(2, 1, 1).edit().editSpec().withReplicas(0).endSpec().build();

    assertThat(GitdState.findings(asleep)).isEmpty();
    assertThat(GitdState.isAsleep(asleep)).isTrue();
  }

  @Test
  void readsNothingFromAStatusOfAnEarlierGeneration() {
    assertThat(GitdState.findings(deployment(3, 2, 1)))
        .extracting(Finding::weight)
        .containsExactly(Finding.Weight.WAITING);
  }

  @Test
  void waitsWhileNoReplicaIsAvailable() {
    assertThat(GitdState.findings(deployment(1, 1, 0)))
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
    assertThat(GitdState.findings(refused))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.weight()).isEqualTo(Finding.Weight.BLOCKING);
              assertThat(finding.reason()).isEqualTo("FailedCreate");
              assertThat(finding.message()).contains("exceeded quota: pods.");
            });
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
