package dev.slipway.hooks.plan;

import dev.slipway.crd.gitd.Workload;
import java.util.List;
import java.util.Optional;

/** Looks up what exists in the cluster. */
@FunctionalInterface
public interface TargetView {

  /** The names of the containers of a workload, or empty when there is no such workload. */
  Optional<List<String>> containersOf(Workload workload) throws InterruptedException;

  /** Where the Remote's repository can be cloned from, if the cluster knows. */
  default Optional<String> remoteUrl() throws InterruptedException {
    return Optional.empty();
  }
}
