package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.Sets.annotated;
import static dev.slipway.demo.cluster.control.rollout.Sets.deployment;
import static dev.slipway.demo.cluster.control.rollout.Sets.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevisionsTest {
  @Test
  void givesAReturningTemplateTheNextNumberAndKeepsItsFormerOne() {
    var family =
        Family.of(
            deployment(2, "a", "25%", "25%"),
            List.of(numbered(set("a", 1, 0, 0, 0), 1), numbered(set("b", 2, 2, 2, 2), 2)));

    var annotations =
        Revisions.ofExisting(family, family.current().orElseThrow(), Revisions.next(family));

    assertThat(annotations)
        .containsEntry("deployment.kubernetes.io/revision", "3")
        .containsEntry("deployment.kubernetes.io/revision-history", "1");
  }

  @Test
  void tellsANewSetTheSizeOfTheDeploymentAndItsAnnotationsButNotWhatWasApplied() {
    var noted =
        new DeploymentBuilder(deployment(2, "a", "25%", "25%"))
            .editMetadata()
            .addToAnnotations("kubernetes.io/change-cause", "bigger buttons")
            .addToAnnotations("kubectl.kubernetes.io/last-applied-configuration", "{}")
            .endMetadata()
            .build();

    assertThat(Revisions.ofNew(Family.of(noted, List.of()), 1))
        .isEqualTo(
            Map.of(
                "kubernetes.io/change-cause", "bigger buttons",
                "deployment.kubernetes.io/revision", "1",
                "deployment.kubernetes.io/desired-replicas", "2",
                "deployment.kubernetes.io/max-replicas", "3"));
  }

  @Test
  void forgetsTheOldestUnusedRevisionsBeyondTheLimit() {
    var limited =
        new DeploymentBuilder(deployment(2, "d", "25%", "25%"))
            .editSpec()
            .withRevisionHistoryLimit(1)
            .endSpec()
            .build();
    var family =
        Family.of(
            limited,
            List.of(
                numbered(set("a", 1, 1, 1, 1), 1),
                numbered(set("b", 2, 0, 0, 0), 2),
                numbered(set("c", 3, 0, 0, 0), 3),
                numbered(set("d", 4, 2, 2, 2), 4)));

    assertThat(Revisions.beyondLimit(family))
        .extracting(set -> set.getMetadata().getUid())
        .containsExactly("b");
  }

  @Test
  void namesTemplatesByWhatTheySayAndNotByTheirHashLabel() {
    var template = Sets.template("a");
    var labelled = Sets.template("a");
    labelled.getMetadata().getLabels().put(TemplateHash.LABEL, TemplateHash.of(template, null));

    assertThat(TemplateHash.same(template, labelled)).isTrue();
    assertThat(TemplateHash.of(labelled, null)).isEqualTo(TemplateHash.of(template, null));
    assertThat(TemplateHash.of(template, null))
        .matches("[bcdfghjklmnpqrstvwxz2456789]{1,10}")
        .isNotEqualTo(TemplateHash.of(template, 1))
        .isNotEqualTo(TemplateHash.of(Sets.template("b"), null));
  }

  private static ReplicaSet numbered(ReplicaSet set, int revision) {
    return annotated(set, Map.of("deployment.kubernetes.io/revision", Integer.toString(revision)));
  }
}
