package dev.slipway.demo.cluster.node.pod;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the node knows of a pod, and its status is made from.
 *
 * @param containers by name, init containers too
 * @param address of the pod, once it has one
 * @param failure why the pod as a whole has been given up
 * @param ended all containers have been stopped for good
 */
record PodFacts(
    Map<String, ContainerState> containers,
    Instant startTime,
    String hostAddress,
    Optional<String> address,
    boolean sandboxReady,
    Optional<Failure> failure,
    boolean ended) {
  /** Reason and message at the pod itself, such as DeadlineExceeded. */
  record Failure(String reason, String message) {}

  PodFacts {
    containers = Map.copyOf(containers);
  }
}
