package dev.slipway.demo.cluster.control.rollout;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Chooses the pods that are missed least. */
final class PodSelection {
  /** Unscheduled before scheduled, not ready before ready, young before old. */
  private static final Comparator<Pod> LEAST_MISSED_FIRST =
      Comparator.<Pod, Boolean>comparing(pod -> pod.getSpec().getNodeName() != null)
          .thenComparingInt(pod -> phaseRank(PodFacts.phase(pod)))
          .thenComparing(PodFacts::isReady)
          .thenComparing(
              Comparator.<Pod, Instant>comparing(
                      pod -> PodFacts.readySince(pod).orElse(Instant.EPOCH))
                  .reversed())
          .thenComparing(Comparator.comparingInt(PodSelection::restarts).reversed())
          .thenComparing(
              Comparator.<Pod, Instant>comparing(
                      pod -> PodFacts.time(pod.getMetadata().getCreationTimestamp()))
                  .reversed());

  private PodSelection() {}

  /** The pods to delete first. */
  static List<Pod> leastMissed(Collection<Pod> pods, int count) {
    return pods.stream().sorted(LEAST_MISSED_FIRST).limit(count).toList();
  }

  private static int phaseRank(String phase) {
    return switch (phase) {
      case "Pending" -> 0;
      case "Unknown" -> 1;
      default -> 2;
    };
  }

  private static int restarts(Pod pod) {
    return pod.getStatus() == null
        ? 0
        : pod.getStatus().getContainerStatuses().stream()
            .mapToInt(ContainerStatus::getRestartCount)
            .max()
            .orElse(0);
  }
}
