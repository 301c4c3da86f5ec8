package dev.slipway.controller.resolve;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The nodes of the cluster, whose addresses a NodePort has. They are listed once for all Remotes
 * that are looked at within a while: a watch would be told of every heartbeat of every node.
 */
public final class Nodes {
  private static final Duration WHILE = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final Clock clock;
  private volatile Known known = new Known(List.of(), Instant.MIN);

  private record Known(List<Node> nodes, Instant until) {}

  public Nodes(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * As they were a few seconds ago at most.
   *
   * @throws KubernetesClientException if the API does not say
   */
  public List<Node> now() {
    Known latest = known;
    if (clock.instant().isBefore(latest.until())) {
      return latest.nodes();
    }
    List<Node> listed = client.nodes().list().getItems();
    known = new Known(listed, clock.instant().plus(WHILE));
    return listed;
  }

  /** Those that were known last, while the API does not say. */
  public List<Node> lastKnown() {
    return known.nodes();
  }
}
