package dev.slipway.hooks.plan;

import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.workload.Obstacle;
import java.util.List;
import java.util.Optional;

/** Looks up what exists in the cluster. */
@FunctionalInterface
public interface TargetView {

  /**
   * A workload that exists.
   *
   * @param containers their names, init containers among them
   * @param obstacle why it would not run new images
   */
  record Found(List<String> containers, Optional<Obstacle> obstacle) {
    static Found withoutObstacle(List<String> containers) {
      return new Found(containers, Optional.empty());
    }
  }

  /** What a push has to know of a workload, or empty when there is no such workload. */
  Optional<Found> find(Workload workload) throws InterruptedException;

  /** Where the Remote's repository can be cloned from, if the cluster knows. */
  default Optional<String> remoteUrl() throws InterruptedException {
    return Optional.empty();
  }
}
