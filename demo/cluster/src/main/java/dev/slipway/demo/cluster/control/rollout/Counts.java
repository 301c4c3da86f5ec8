package dev.slipway.demo.cluster.control.rollout;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of ReplicaSets, where 0 may be written by leaving it out, and writes them so.
 */
final class Counts {
  private Counts() {}

  /** How many pods it shall have. */
  static int wanted(ReplicaSet set) {
    return orZero(set.getSpec().getReplicas());
  }

  /** How many it had when it last said so. */
  static int actual(ReplicaSet set) {
    return set.getStatus() == null ? 0 : orZero(set.getStatus().getReplicas());
  }

  static int ready(ReplicaSet set) {
    return set.getStatus() == null ? 0 : orZero(set.getStatus().getReadyReplicas());
  }

  static int available(ReplicaSet set) {
    return set.getStatus() == null ? 0 : orZero(set.getStatus().getAvailableReplicas());
  }

  static int sum(List<ReplicaSet> sets, ToIntFunction<ReplicaSet> number) {
    return sets.stream().mapToInt(number).sum();
  }

  static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  static @Nullable Integer absentIfZero(int number) {
    return number == 0 ? null : number;
  }
}
