package dev.slipway.demo.cluster.control.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.control.quota.PodUsage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sentences are those of recordings/d-jobs, 08 to 10. */
class PlacementTest {
  private final Node node =
      new NodeBuilder()
          .withNewMetadata()
          .withName("node-1")
          .addToLabels("disk", "ssd")
          .endMetadata()
          .withNewStatus()
          .addToAllocatable("cpu", new Quantity("2"))
          .addToAllocatable("memory", new Quantity("4Gi"))
          .endStatus()
          .build();

  @Test
  void takesANodeWithRoom() {
    assertThat(Placement.decide(asking("1", "1Gi"), List.of(node), Map.of()))
        .isEqualTo(new Placement.On("node-1"));
  }

  @Test
  void saysThatNoNodeIsSelected() {
    var picky =
        new PodBuilder(asking("0", "0"))
            .editSpec()
            .addToNodeSelector("disk", "tape")
            .endSpec()
            .build();

    assertThat(Placement.decide(picky, List.of(node), Map.of()))
        .isEqualTo(
            new Placement.Nowhere(
                "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no"
                    + " new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption"
                    + " is not helpful for scheduling."));
  }

  @Test
  void saysThatMemoryIsShort() {
    assertThat(Placement.decide(asking("0", "999Gi"), List.of(node), Map.of()))
        .isEqualTo(
            new Placement.Nowhere(
                "0/1 nodes are available: 1 Insufficient memory. no new claims to deallocate,"
                    + " preemption: 0/1 nodes are available: 1 Preemption is not helpful for"
                    + " scheduling."));
  }

  @Test
  void countsWhatOtherPodsAskedFor() {
    var used = Map.of("node-1", PodUsage.of(asking("1500m", "0")));

    assertThat(Placement.decide(asking("1", "0"), List.of(node), used))
        .isInstanceOfSatisfying(
            Placement.Nowhere.class,
            nowhere -> assertThat(nowhere.message()).contains("1 Insufficient cpu. "));
    assertThat(Placement.decide(asking("500m", "0"), List.of(node), used))
        .isEqualTo(new Placement.On("node-1"));
  }

  @Test
  void waitsForANode() {
    assertThat(Placement.decide(asking("0", "0"), List.of(), Map.of()))
        .isEqualTo(new Placement.Nowhere("no nodes available to schedule pods"));
  }

  @Test
  void saysThatAClaimIsMissing() {
    assertThat(
            Placement.missingVolume(1, "persistentvolumeclaim \"none\" not found. not found")
                .message())
        .isEqualTo("0/1 nodes are available: persistentvolumeclaim \"none\" not found. not found");
  }

  private static Pod asking(String cpu, String memory) {
    return new PodBuilder()
        .withNewSpec()
        .addNewContainer()
        .withNewResources()
        .addToRequests("cpu", new Quantity(cpu))
        .addToRequests("memory", new Quantity(memory))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }
}
