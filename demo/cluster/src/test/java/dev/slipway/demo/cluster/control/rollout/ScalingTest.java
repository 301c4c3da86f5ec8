package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.Sets.annotated;
import static dev.slipway.demo.cluster.control.rollout.Sets.deployment;
import static dev.slipway.demo.cluster.control.rollout.Sets.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalingTest {
  private final Deployment two = deployment(2, "new", "25%", "25%");

  @Test
  void rollsOnePodAtATimeAsRecorded() {
    assertThat(play(two, List.of(set("old", 1, 2, 2, 2), set("new", 2, 1, 1, 0))))
        .containsExactly("old 2->1", "new 1->2", "old 1->0");
  }

  @Test
  void addsNothingBeyondTheSurgeAndRemovesNothingBelowTheMinimum() {
    var waiting = Family.of(two, List.of(set("old", 1, 2, 2, 2), set("new", 2, 1, 1, 0)));

    assertThat(Scaling.rolling(waiting)).isEmpty();
  }

  @Test
  void letsPodsGoFirstWhenNoSurgeIsAllowed() {
    var four = deployment(4, "new", "0", "2");

    assertThat(play(four, List.of(set("old", 1, 4, 4, 4), set("new", 2, 0, 0, 0))))
        .containsExactly("old 4->2", "new 0->2", "old 2->0", "new 2->4");
  }

  @Test
  void endsFormerPodsThatNeverCameUpBeforeThoseThatServe() {
    var family =
        Family.of(
            two, List.of(set("stuck", 2, 1, 1, 0), set("old", 1, 2, 2, 2), set("new", 3, 0, 0, 0)));

    assertThat(steps(Scaling.rolling(family))).containsExactly("stuck 1->0");
  }

  @Test
  void startsTheNewSetWithinTheSurge() {
    assertThat(Scaling.currentSize(Family.of(two, List.of(set("old", 1, 2, 2, 2))))).isEqualTo(1);
    assertThat(Scaling.currentSize(Family.of(two, List.of()))).isEqualTo(2);
  }

  @Test
  void recreatesOnlyWhenEveryFormerPodIsGone() {
    var recreate =
        new DeploymentBuilder(two)
            .editSpec()
            .withNewStrategy()
            .withType("Recreate")
            .endStrategy()
            .endSpec()
            .build();
    var running = Family.of(recreate, List.of(set("old", 1, 2, 2, 2)));
    var cleared = Family.of(recreate, List.of(set("old", 1, 0, 0, 0)));
    var terminating = new PodBuilder().withNewStatus().withPhase("Running").endStatus().build();
    var ended = new PodBuilder().withNewStatus().withPhase("Failed").endStatus().build();

    assertThat(steps(Scaling.clearFormer(running))).containsExactly("old 2->0");
    assertThat(Scaling.formerPodsRun(cleared, List.of(terminating))).isTrue();
    assertThat(Scaling.formerPodsRun(cleared, List.of(ended))).isFalse();
    assertThat(Scaling.currentSize(cleared)).isEqualTo(2);
  }

  @Test
  void sharesANewSizeBetweenTheSetsOfAnUnfinishedRollout() {
    var size =
        Map.of(
            "deployment.kubernetes.io/desired-replicas", "4",
            "deployment.kubernetes.io/max-replicas", "5");
    var eight = deployment(8, "new", "25%", "25%");
    var family =
        Family.of(
            eight,
            List.of(
                annotated(set("old", 1, 3, 3, 3), size), annotated(set("new", 2, 2, 2, 0), size)));

    assertThat(family.isBeingScaled()).isTrue();
    assertThat(steps(Scaling.resize(family))).containsExactly("old 3->6", "new 2->4");
  }

  @Test
  void scalesTheOnlySetDirectly() {
    var family = Family.of(deployment(0, "new", "25%", "25%"), List.of(set("new", 1, 2, 2, 2)));

    assertThat(steps(Scaling.resize(family))).containsExactly("new 2->0");
  }

  /** Carries out steps, with every pod available at once, until there is nothing left to do. */
  private static List<String> play(Deployment deployment, List<ReplicaSet> sets) {
    var family = settled(Family.of(deployment, sets));
    var played = new ArrayList<String>();
    for (int round = 0; round < 20; round++) {
      var steps = Scaling.rolling(family);
      if (steps.isEmpty()) {
        return played;
      }
      played.addAll(steps(steps));
      for (var step : steps) {
        family = family.with(resized(step.set(), step.to()));
      }
    }
    throw new AssertionError("never ends: " + played);
  }

  private static Family settled(Family family) {
    var settled = family;
    for (var set : family.all()) {
      settled = settled.with(resized(set, Counts.wanted(set)));
    }
    return settled;
  }

  private static ReplicaSet resized(ReplicaSet set, int size) {
    return set(set.getMetadata().getUid(), created(set), size, size, size);
  }

  private static int created(ReplicaSet set) {
    return Integer.parseInt(set.getMetadata().getCreationTimestamp().substring(17, 19));
  }

  private static List<String> steps(List<Scaling.Step> steps) {
    return steps.stream()
        .map(step -> step.set().getMetadata().getUid() + " " + step.from() + "->" + step.to())
        .toList();
  }
}
