package dev.slipway.hooks.workload;

import org.jspecify.annotations.Nullable;

/**
 * What the status of a workload says about its pods.
 *
 * @param observed whether it speaks of the present spec; until then it speaks of the rollout before
 * @param wanted pods that shall run the present template
 * @param updated pods that do
 * @param outdated pods that run another one and have to go
 * @param awaited pods that have to be available
 * @param available pods that are
 */
public record Progress(
    boolean observed, int wanted, int updated, int outdated, int awaited, int available) {

  /** Whether nothing is left to wait for. */
  public boolean isComplete() {
    return observed && updated >= wanted && outdated <= 0 && available >= awaited;
  }

  /** Before the controller has said anything. */
  static Progress unknown(int wanted) {
    return new Progress(false, wanted, 0, 0, wanted, 0);
  }

  /** Counters that are 0 are absent. */
  static int number(@Nullable Integer counter) {
    return counter == null ? 0 : counter;
  }

  static boolean hasObserved(@Nullable Long observed, @Nullable Long generation) {
    return (observed == null ? 0 : observed) >= (generation == null ? 0 : generation);
  }
}
