package dev.slipway.demo.cluster.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * How much slower than it could be a pod gets on, for tests and for people who want to watch: two
 * annotations of the pod or else of its namespace, each a number of seconds.
 */
final class Delays {
  private static final String PULL = "embedded-cluster/pull-delay-seconds";
  private static final String START = "embedded-cluster/start-delay-seconds";

  private Delays() {}

  /** Before an image is there; it then counts as pulled even where it was already. */
  static Duration pull(ClusterObjects objects, Pod pod) {
    return of(objects, pod, PULL);
  }

  /** Between a container's creation and its start. */
  static Duration start(ClusterObjects objects, Pod pod) {
    return of(objects, pod, START);
  }

  private static Duration of(ClusterObjects objects, Pod pod, String annotation) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations())
        .map(own -> own.get(annotation))
        .or(() -> objects.namespaceAnnotation(pod.getMetadata().getNamespace(), annotation))
        .map(seconds -> Duration.ofMillis(new BigDecimal(seconds).movePointRight(3).longValue()))
        .orElse(Duration.ZERO);
  }
}
