package dev.slipway.hooks.workload;

import static dev.slipway.hooks.workload.Progress.number;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import java.util.Optional;

/** A DaemonSet, which wants as many pods as there are nodes for it, maybe none. */
record LiveDaemonSet(DaemonSet object) implements LiveWorkload {

  @Override
  public Optional<LabelSelector> selector() {
    return Optional.of(object.getSpec().getSelector());
  }

  @Override
  public Optional<Obstacle> obstacle() {
    return object.getSpec().getUpdateStrategy() != null
            && "OnDelete".equals(object.getSpec().getUpdateStrategy().getType())
        ? Optional.of(
            new Obstacle(
                "OnDelete",
                "has the updateStrategy OnDelete: each pod keeps its image until somebody deletes it,"
                    + " which a push cannot wait for; set RollingUpdate, then push again."))
        : Optional.empty();
  }

  @Override
  public Progress progress() {
    DaemonSetStatus status = object.getStatus();
    if (status == null) {
      return Progress.unknown(0);
    }
    int nodes = number(status.getDesiredNumberScheduled());
    return new Progress(
        Progress.hasObserved(status.getObservedGeneration(), object.getMetadata().getGeneration()),
        nodes,
        number(status.getUpdatedNumberScheduled()),
        0,
        nodes,
        number(status.getNumberAvailable()));
  }

  @Override
  public String end() {
    return progress().wanted() == 0 ? "set; there is no node for it now" : "rolled out";
  }

  @Override
  public String podsAre() {
    return "pods";
  }

  @Override
  public boolean lacksPods() {
    DaemonSetStatus status = object.getStatus();
    return status == null
        || number(status.getCurrentNumberScheduled()) < number(status.getDesiredNumberScheduled());
  }
}
