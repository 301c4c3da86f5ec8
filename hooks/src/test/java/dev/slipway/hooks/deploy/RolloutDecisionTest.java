package dev.slipway.hooks.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.workload.LiveWorkload;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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

  @Test
  void repeatsWhatTheRuntimeSaidOfAProgramThatCannotEvenStart() {
    assertThat(
            decide(
                """
                status:
                  containerStatuses:
                  - name: web
                    restartCount: 2
                    state: {waiting: {reason: CrashLoopBackOff}}
                    lastState:
                      terminated:
                        reason: StartError
                        exitCode: 128
                        message: 'exec: "/srv/web": permission denied'
                """,
                Duration.ZERO))
        .isEqualTo(
            new RolloutState.Failed(
                "CrashLoopBackOff",
                "crashes with the new image: StartError, exit code 128 (exec: \"/srv/web\": permission denied), 2 restarts."));
  }

  @Test
  void failsAStatefulSetThatMayNotMakePodsOnceItHasWaitedForRoom() {
    assertThat(decideSet("replicas: 1", Duration.ofMinutes(2).minusSeconds(1), Duration.ZERO))
        .isEqualTo(
            new RolloutState.Progressing(
                "0 of 2 new replicas ready", "pods \"db-1\" is forbidden: exceeded quota"));
    assertThat(decideSet("replicas: 1", Duration.ofMinutes(2), Duration.ZERO))
        .isEqualTo(
            new RolloutState.Failed(
                "FailedCreate",
                "cannot make new pods: pods \"db-1\" is forbidden: exceeded quota; raise the quota, or lower the resources of its containers."));
  }

  @Test
  void findsAStatefulSetStuckOnlyAfterAWhile() {
    assertThat(decideSet("replicas: 2", Duration.ZERO, Duration.ofSeconds(9)))
        .isInstanceOf(RolloutState.Progressing.class);
    assertThat(decideSet("replicas: 2", Duration.ZERO, Duration.ofSeconds(10)))
        .isEqualTo(new RolloutState.Stuck(BROKEN));
  }

  @Test
  void hasADeadlineOfItsOwnForKindsThatHaveNone() {
    assertThat(decideSet("replicas: 2", Duration.ZERO, TIMEOUT))
        .isInstanceOfSatisfying(
            RolloutState.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo("RolloutTimeout"));
  }

  /** A pod is seen to be ready before its Deployment counts it, also where there were none. */
  @Test
  void speaksOfOldPodsOnlyWhereThereAreSome() {
    assertThat(decideWithReadyPods(1, "replicas: 1"))
        .isEqualTo(new RolloutState.Progressing("1 of 1 new replicas ready", "its new replicas"));
    assertThat(decideWithReadyPods(1, "replicas: 2"))
        .isEqualTo(
            new RolloutState.Progressing(
                "1 of 1 new replicas ready, old ones are ending", "its new replicas"));
  }

  /** As in a push that changes a manifest and no image. */
  @Test
  void countsNoOldPodAsNewThoughItHasTheSameImage() {
    assertThat(decideWithReadyPods(2, "replicas: 2"))
        .isEqualTo(
            new RolloutState.Progressing(
                "1 of 1 new replicas ready, old ones are ending", "its new replicas"));
  }

  private static RolloutState decideWithReadyPods(int pods, String status) {
    Deployment deployment =
        Serialization.unmarshal(
            """
            kind: Deployment
            metadata: {name: web, generation: 2}
            spec: {replicas: 1}
            status: {observedGeneration: 2, updatedReplicas: 1, %s}
            """
                .formatted(status),
            Deployment.class);
    Pod ready =
        Serialization.unmarshal(
            "kind: Pod\nstatus: {conditions: [{type: Ready, status: 'True'}]}", Pod.class);
    RolloutSight.Seen seen =
        new RolloutSight.Seen(
            LiveWorkload.of(deployment),
            Collections.nCopies(pods, ready),
            Optional.empty(),
            List.of(),
            List.of());
    return RolloutDecision.decide(
        new RolloutSight(seen, Duration.ZERO, Duration.ZERO, Duration.ZERO),
        PipelineSettings.defaults(),
        TIMEOUT);
  }

  private static final Pod BROKEN =
      new PodBuilder().withNewMetadata().withName("db-1").endMetadata().build();

  private static RolloutState decideSet(String status, Duration troubleFor, Duration stuckFor) {
    StatefulSet set =
        Serialization.unmarshal(
            """
            kind: StatefulSet
            metadata: {name: db, generation: 2}
            spec: {replicas: 2}
            status: {observedGeneration: 2, %s}
            """
                .formatted(status),
            StatefulSet.class);
    Event refused =
        new EventBuilder()
            .withType("Warning")
            .withReason("FailedCreate")
            .withMessage("pods \"db-1\" is forbidden: exceeded quota")
            .build();
    RolloutSight.Seen seen =
        new RolloutSight.Seen(
            LiveWorkload.of(set),
            List.of(),
            stuckFor.isZero() ? Optional.empty() : Optional.of(BROKEN),
            List.of(),
            List.of(refused));
    return RolloutDecision.decide(
        new RolloutSight(seen, troubleFor, stuckFor, troubleFor.plus(stuckFor)),
        PipelineSettings.defaults(),
        TIMEOUT);
  }

  private static RolloutState decide(Duration troubleFor) {
    return decide(
        """
        status:
          phase: Pending
          containerStatuses:
          - name: web
            state: {waiting: {reason: ErrImagePull, message: "failed to pull web: not found"}}
        """,
        troubleFor);
  }

  private static RolloutState decide(String newPod, Duration troubleFor) {
    Pod pod = Serialization.unmarshal("kind: Pod\n" + newPod, Pod.class);
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
    RolloutSight sight =
        new RolloutSight(
            new RolloutSight.Seen(
                LiveWorkload.of(stale), List.of(pod), Optional.empty(), List.of(), List.of()),
            troubleFor,
            Duration.ZERO,
            troubleFor.plusSeconds(2));
    return RolloutDecision.decide(sight, PipelineSettings.defaults(), TIMEOUT);
  }
}
