package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.Counts.wanted;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is written on ReplicaSets so that {@code kubectl rollout history} and undo find it. */
final class Revisions {
  static final String REVISION = "deployment.kubernetes.io/revision";
  private static final String HISTORY = "deployment.kubernetes.io/revision-history";
  private static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  private static final String MAX = "deployment.kubernetes.io/max-replicas";

  private static final Set<String> NOT_INHERITED =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          REVISION,
          HISTORY,
          DESIRED,
          MAX,
          "deprecated.deployment.rollback.to");

  private Revisions() {}

  /** The number that the current ReplicaSet has to carry: one more than any former. */
  static long next(Family family) {
    return family.former().stream().mapToLong(Revisions::of).max().orElse(0) + 1;
  }

  static long of(ReplicaSet set) {
    return number(annotations(set.getMetadata().getAnnotations()).get(REVISION)).orElse(0L);
  }

  static long of(Deployment deployment) {
    return number(annotations(deployment.getMetadata().getAnnotations()).get(REVISION)).orElse(0L);
  }

  static Optional<Integer> desiredReplicas(ReplicaSet set) {
    return number(annotations(set.getMetadata().getAnnotations()).get(DESIRED)).map(Long::intValue);
  }

  static Optional<Integer> maxReplicas(ReplicaSet set) {
    return number(annotations(set.getMetadata().getAnnotations()).get(MAX)).map(Long::intValue);
  }

  /** Annotations of a ReplicaSet about to be created for this revision. */
  static Map<String, String> ofNew(Family family, long revision) {
    var result = new HashMap<>(inherited(family.deployment()));
    result.put(REVISION, Long.toString(revision));
    result.putAll(size(family));
    return result;
  }

  /**
   * Annotations of an existing ReplicaSet that is the current one: when it was so before, its
   * former numbers become its history.
   */
  static Map<String, String> ofExisting(Family family, ReplicaSet set, long revision) {
    var result = new HashMap<>(annotations(set.getMetadata().getAnnotations()));
    result.putAll(inherited(family.deployment()));
    long before = of(set);
    if (before < revision) {
      result.put(REVISION, Long.toString(revision));
      if (before > 0) {
        result.merge(HISTORY, Long.toString(before), (older, newer) -> older + "," + newer);
      }
    }
    return result;
  }

  /** Annotations that tell a ReplicaSet how large the whole Deployment is. */
  static Map<String, String> size(Family family) {
    int desired = family.desired();
    return Map.of(
        DESIRED,
        Integer.toString(desired),
        MAX,
        Integer.toString(desired + family.leeway().surge()));
  }

  /** Former ReplicaSets beyond the history limit, oldest revision first; never one in use. */
  static List<ReplicaSet> beyondLimit(Family family) {
    var limit = family.deployment().getSpec().getRevisionHistoryLimit();
    int keep = limit == null ? 10 : limit;
    var cleanable =
        family.former().stream()
            .filter(set -> set.getMetadata().getDeletionTimestamp() == null)
            .sorted(Comparator.comparingLong(Revisions::of))
            .toList();
    return cleanable.stream()
        .limit(Math.max(0, cleanable.size() - keep))
        .filter(set -> wanted(set) == 0 && Counts.actual(set) == 0 && isObserved(set))
        .toList();
  }

  private static boolean isObserved(ReplicaSet set) {
    var observed = set.getStatus() == null ? null : set.getStatus().getObservedGeneration();
    return observed != null && observed >= set.getMetadata().getGeneration();
  }

  private static Map<String, String> inherited(Deployment deployment) {
    var result = new HashMap<>(annotations(deployment.getMetadata().getAnnotations()));
    result.keySet().removeAll(NOT_INHERITED);
    return result;
  }

  private static Map<String, String> annotations(@Nullable Map<String, String> annotations) {
    return annotations == null ? Map.of() : annotations;
  }

  private static Optional<Long> number(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(Long::valueOf);
    } catch (NumberFormatException e) {
      return Optional.empty(); // somebody's own text: as if it were not there
    }
  }
}
