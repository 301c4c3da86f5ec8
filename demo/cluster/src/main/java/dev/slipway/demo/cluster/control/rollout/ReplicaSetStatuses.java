package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.Counts.absentIfZero;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says how a ReplicaSet stands. */
final class ReplicaSetStatuses {
  /** Why there are not as many pods as there should be. */
  record Failure(String reason, String message) {}

  private ReplicaSetStatuses() {}

  /** The status for these active pods; a failure that was told before is not told anew. */
  static ReplicaSetStatus of(
      ReplicaSet set, List<Pod> active, Optional<Failure> failure, Instant now) {
    int minReady = Counts.orZero(set.getSpec().getMinReadySeconds());
    var labels = set.getSpec().getTemplate().getMetadata().getLabels();
    int ready = (int) active.stream().filter(PodFacts::isReady).count();
    int available =
        (int) active.stream().filter(pod -> PodFacts.isAvailable(pod, minReady, now)).count();
    return new ReplicaSetStatusBuilder()
        .withObservedGeneration(set.getMetadata().getGeneration())
        .withReplicas(active.size())
        .withFullyLabeledReplicas(
            absentIfZero((int) active.stream().filter(pod -> carries(pod, labels)).count()))
        .withReadyReplicas(absentIfZero(ready))
        .withAvailableReplicas(absentIfZero(available))
        .withConditions(failure.map(found -> told(set, found, now)).map(List::of).orElse(List.of()))
        .build();
  }

  private static boolean carries(Pod pod, Map<String, String> labels) {
    var own = pod.getMetadata().getLabels();
    return own != null && own.entrySet().containsAll(labels.entrySet());
  }

  private static ReplicaSetCondition told(ReplicaSet set, Failure failure, Instant now) {
    return before(set)
        .orElseGet(
            () ->
                new ReplicaSetConditionBuilder()
                    .withType("ReplicaFailure")
                    .withStatus("True")
                    .withReason(failure.reason())
                    .withMessage(failure.message())
                    .withLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS).toString())
                    .build());
  }

  private static Optional<ReplicaSetCondition> before(ReplicaSet set) {
    return set.getStatus() == null
        ? Optional.empty()
        : set.getStatus().getConditions().stream().findFirst();
  }

  /** When the next pod that is ready becomes available. */
  static Optional<Duration> untilAvailable(ReplicaSet set, List<Pod> active, Instant now) {
    int minReady = Counts.orZero(set.getSpec().getMinReadySeconds());
    return active.stream()
        .map(PodFacts::readySince)
        .flatMap(Optional::stream)
        .map(since -> Duration.between(now, since.plusSeconds(minReady)))
        .filter(Duration::isPositive)
        .min(Duration::compareTo);
  }
}
