package dev.slipway.demo.cluster.control.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The steps of StatefulSets and DaemonSets, one picture after the other. */
class StepwiseTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  @Test
  void makesOrderedPodsOneAfterTheOther() {
    assertThat(next(set("new", 0)).create())
        .extracting(StepwiseTest::name)
        .containsExactly("web-0");
    assertThat(next(set("new", 0), pod("web-0", "new", false)).create()).isEmpty();
    assertThat(next(set("new", 0), pod("web-0", "new", true)).create())
        .extracting(StepwiseTest::name)
        .containsExactly("web-1");
  }

  @Test
  void updatesFromTheLastPodDownToThePartition() {
    Pod first = pod("web-0", "old", true);
    Pod last = pod("web-1", "old", true);

    var begun = next(set("new", 0), first, last);
    assertThat(begun.delete()).containsExactly(last);
    assertThat(begun.told().getStatus().getUpdatedReplicas()).isNull();
    assertThat(next(set("new", 0), first, pod("web-1", "new", true)).delete())
        .containsExactly(first);
    assertThat(next(set("new", 1), first, pod("web-1", "new", true)).delete()).isEmpty();
  }

  @Test
  void waitsForABrokenPodThoughTheTemplateThatWouldHealItIsBack() {
    var step = next(set("old", 0), pod("web-0", "old", true), pod("web-1", "new", false));

    assertThat(step.delete()).isEmpty();
    assertThat(step.create()).isEmpty();
    assertThat(step.told().getStatus().getUpdatedReplicas()).isEqualTo(1);
  }

  @Test
  void runsADaemonOnEachNodeAndReplacesOneAtATimeButBrokenOnesAtOnce() {
    List<Node> nodes = List.of(node("a"), node("b"));
    Pod a = onNode("a", "old", true);
    Pod b = onNode("b", "old", true);
    Pod broken = onNode("b", "old", false);

    assertThat(DaemonSetSteps.next(daemons("new"), List.of(a), nodes, NOW).create())
        .extracting(pod -> pod.getSpec().getNodeName())
        .containsExactly("b");
    assertThat(DaemonSetSteps.next(daemons("new"), List.of(a, b), nodes, NOW).delete())
        .containsExactly(a);
    assertThat(DaemonSetSteps.next(daemons("new"), List.of(a, broken), nodes, NOW).delete())
        .containsExactly(broken);
    assertThat(DaemonSetSteps.next(daemons("new"), List.of(a), List.of(), NOW).delete())
        .containsExactly(a);
  }

  private static StepwiseController.Step<StatefulSet> next(StatefulSet set, Pod... pods) {
    return StatefulSetSteps.next(set, List.of(pods), List.of(), NOW);
  }

  private static StatefulSet set(String image, int partition) {
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName("web")
        .withGeneration(2L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(2)
        .withNewUpdateStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withPartition(partition)
        .endRollingUpdate()
        .endUpdateStrategy()
        .withTemplate(Sets.template(image))
        .endSpec()
        .build();
  }

  private static DaemonSet daemons(String image) {
    return new DaemonSetBuilder()
        .withNewMetadata()
        .withName("web")
        .endMetadata()
        .withNewSpec()
        .withNewUpdateStrategy()
        .withType("RollingUpdate")
        .endUpdateStrategy()
        .withTemplate(Sets.template(image))
        .endSpec()
        .build();
  }

  private static Node node(String name) {
    return new NodeBuilder().withNewMetadata().withName(name).endMetadata().build();
  }

  private static Pod onNode(String node, String image, boolean ready) {
    String revision = TemplateHash.of(Sets.template(image), null);
    return pod(
        OwnPods.made(daemons(image), Sets.template(image), revision)
            .editSpec()
            .withNodeName(node)
            .endSpec()
            .build(),
        "web-" + node,
        ready);
  }

  private static Pod pod(String name, String image, boolean ready) {
    String revision = "web-" + TemplateHash.of(Sets.template(image), null);
    return pod(OwnPods.made(set(image, 0), Sets.template(image), revision).build(), name, ready);
  }

  private static Pod pod(Pod made, String name, boolean ready) {
    return new PodBuilder(made)
        .editMetadata()
        .withName(name)
        .endMetadata()
        .withNewStatus()
        .withPhase("Running")
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready ? "True" : "False")
        .withLastTransitionTime("2026-11-21T07:00:00Z")
        .endCondition()
        .endStatus()
        .build();
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }
}
