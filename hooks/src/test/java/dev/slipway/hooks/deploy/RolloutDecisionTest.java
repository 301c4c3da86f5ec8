package dev.slipway.hooks.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.workload.LiveWorkload;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Decisions about a rollout whose Deployment is seen late or never again. */
class RolloutDecisionTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  @Test
  void failsByItsPodsAfterSecondsThoughTheStatusOfTheDeploymentIsStale() {
    assertThat(decide(Duration.ofSeconds(9))).isInstanceOf(RolloutState.Progressing.class);
    assertThat(decide(Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            RolloutState.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo("ErrImagePull");
              assertThat(failed.sentence())
                  .isEqualTo("cannot pull its new image: failed to pull web: not found.");
            });
  }

  private static RolloutState decide(Duration troubleFor) {
    Deployment stale =
        new DeploymentBuilder()
            .withNewMetadata()
            .withName("web")
            .withGeneration(2L)
            .endMetadata()
            .withNewSpec()
            .withReplicas(1)
            .endSpec()
            .withNewStatus()
            .withObservedGeneration(1L)
            .withReplicas(1)
            .withUpdatedReplicas(1)
            .withAvailableReplicas(1)
            .endStatus()
            .build();
    Pod pod =
        new PodBuilder()
            .withNewStatus()
            .withPhase("Pending")
            .addNewContainerStatus()
            .withName("web")
            .withNewState()
            .withNewWaiting()
            .withReason("ErrImagePull")
            .withMessage("failed to pull web: not found")
            .endWaiting()
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();
    RolloutSight sight =
        new RolloutSight(
            new RolloutSight.Seen(
                LiveWorkload.of(stale), List.of(pod), List.of(), List.of(), List.of()),
            troubleFor,
            Duration.ZERO,
            troubleFor.plusSeconds(2));
    return RolloutDecision.decide(sight, PipelineSettings.defaults(), TIMEOUT);
  }
}
