package dev.slipway.hooks.workload;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.Optional;

/** A CronJob: what runs goes on as it is, and nothing can be awaited of what will run. */
record LiveCronJob(CronJob object) implements LiveWorkload {

  @Override
  public Optional<LabelSelector> selector() {
    return Optional.empty();
  }

  @Override
  public Progress progress() {
    return new Progress(true, 0, 0, 0, 0, 0);
  }

  @Override
  public String end() {
    return Boolean.TRUE.equals(object.getSpec().getSuspend())
        ? "set for its next run, but it is suspended"
        : "set for its next run";
  }
}
