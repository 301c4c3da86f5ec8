package dev.slipway.controller.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodesIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  private Instant now = Instant.EPOCH;

  @Test
  void areListedOnceForAllWhoAskWithinAWhile() {
    create("one");
    var nodes = new Nodes(cluster.cluster().client(), clock());
    List<Node> listed = nodes.now();
    assertThat(listed).extracting(it -> it.getMetadata().getName()).contains("one");

    create("another");
    now = now.plus(Duration.ofSeconds(9));
    assertThat(nodes.now()).isSameAs(listed);

    now = now.plus(Duration.ofSeconds(1));
    assertThat(nodes.now()).extracting(it -> it.getMetadata().getName()).contains("another");
    assertThat(nodes.lastKnown()).isSameAs(nodes.now());
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }
    };
  }

  private static void create(String node) {
    cluster
        .cluster()
        .client()
        .resource(new NodeBuilder().withNewMetadata().withName(node).endMetadata().build())
        .create();
  }
}
