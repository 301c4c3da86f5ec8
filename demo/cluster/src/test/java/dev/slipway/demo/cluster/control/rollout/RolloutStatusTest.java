package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.Sets.deployment;
import static dev.slipway.demo.cluster.control.rollout.Sets.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutStatusTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Deployment web = deployment(2, "new", "25%", "25%");

  @Test
  void leavesOutCountersThatAreZero() {
    var status = RolloutStatus.progressed(Family.of(web, List.of(set("new", 1, 2, 0, 0))), NOON);

    assertThat(status.getReplicas()).isNull();
    assertThat(status.getReadyReplicas()).isNull();
    assertThat(status.getUnavailableReplicas()).isEqualTo(2);
    assertThat(conditions(status)).containsExactly("Available False MinimumReplicasUnavailable");
  }

  @Test
  void tellsProgressAndSuccess() {
    var created = say("Progressing", "True", "NewReplicaSetCreated", NOON);
    var moving = progressed(created, NOON.plusSeconds(1), set("new", 1, 2, 2, 0));
    var done = progressed(moving, NOON.plusSeconds(2), set("new", 1, 2, 2, 2));

    assertThat(conditions(moving.getStatus()))
        .containsExactly(
            "Available False MinimumReplicasUnavailable", "Progressing True ReplicaSetUpdated");
    assertThat(conditions(done.getStatus()))
        .containsExactly(
            "Available True MinimumReplicasAvailable", "Progressing True NewReplicaSetAvailable");
    assertThat(RolloutStatus.progressing(done.getStatus()).orElseThrow())
        .satisfies(
            progressing -> {
              assertThat(progressing.getMessage())
                  .isEqualTo("ReplicaSet \"web-new\" has successfully progressed.");
              assertThat(progressing.getLastTransitionTime()).isEqualTo(NOON.toString());
              assertThat(progressing.getLastUpdateTime()).isEqualTo(NOON.plusSeconds(2).toString());
            });
  }

  @Test
  void givesUpAfterTheDeadlineAndStaysAvailable() {
    var stuck = new ReplicaSet[] {set("old", 1, 2, 2, 2), set("new", 2, 1, 1, 0)};
    var before = progressed(say("Progressing", "True", "NewReplicaSetCreated", NOON), NOON, stuck);

    assertThat(
            RolloutStatus.untilDeadline(
                Family.of(before, List.of(stuck)), before.getStatus(), NOON))
        .contains(Duration.ofSeconds(11));
    assertThat(conditions(progressed(before, NOON.plusSeconds(11), stuck).getStatus()))
        .containsExactly(
            "Available True MinimumReplicasAvailable",
            "Progressing False ProgressDeadlineExceeded");
  }

  @Test
  void neverGivesUpOnGoingBackWhileNoPodMoves() {
    var former =
        new DeploymentBuilder(say("Progressing", "True", "NewReplicaSetAvailable", NOON))
            .editStatus()
            .withReplicas(2)
            .withUpdatedReplicas(2)
            .withReadyReplicas(2)
            .withAvailableReplicas(2)
            .endStatus()
            .build();
    var blocked =
        progressed(
            former, NOON.plusSeconds(60), set("old", 2, 2, 2, 2), failing(set("new", 1, 1, 0, 0)));

    assertThat(conditions(blocked.getStatus()))
        .containsExactly(
            "Progressing True NewReplicaSetAvailable",
            "Available True MinimumReplicasAvailable",
            "ReplicaFailure True FailedCreate");
  }

  @Test
  void tellsWhenItIsPausedAndResumed() {
    var paused = new DeploymentBuilder(web).editSpec().withPaused(true).endSpec().build();

    assertThat(RolloutStatus.pause(paused, NOON).orElseThrow().getReason())
        .isEqualTo("DeploymentPaused");
    assertThat(RolloutStatus.pause(web, NOON)).isEmpty();
    assertThat(
            RolloutStatus.pause(say("Progressing", "Unknown", "DeploymentPaused", NOON), NOON)
                .orElseThrow()
                .getReason())
        .isEqualTo("DeploymentResumed");
  }

  private Deployment progressed(Deployment before, Instant now, ReplicaSet... sets) {
    return new DeploymentBuilder(before)
        .withStatus(RolloutStatus.progressed(Family.of(before, List.of(sets)), now))
        .build();
  }

  private Deployment say(String type, String status, String reason, Instant now) {
    return new DeploymentBuilder(web)
        .withNewStatus()
        .addToConditions(RolloutStatus.condition(type, status, reason, "before", now))
        .endStatus()
        .build();
  }

  private static ReplicaSet failing(ReplicaSet set) {
    return new ReplicaSetBuilder(set)
        .editStatus()
        .addNewCondition()
        .withType("ReplicaFailure")
        .withStatus("True")
        .withReason("FailedCreate")
        .withMessage("exceeded quota")
        .endCondition()
        .endStatus()
        .build();
  }

  private static List<String> conditions(DeploymentStatus status) {
    return status.getConditions().stream()
        .map(c -> c.getType() + " " + c.getStatus() + " " + c.getReason())
        .toList();
  }
}
