package dev.slipway.hooks.workload;

import static dev.slipway.hooks.workload.Progress.number;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Optional;

/** A Deployment, whose status tells by conditions what goes wrong. */
record LiveDeployment(Deployment object) implements LiveWorkload {

  @Override
  public Optional<LabelSelector> selector() {
    return Optional.of(object.getSpec().getSelector());
  }

  @Override
  public Optional<Obstacle> obstacle() {
    return Boolean.TRUE.equals(object.getSpec().getPaused())
        ? Optional.of(
            new Obstacle(
                "Paused",
                "is paused and does not roll out; run kubectl rollout resume, then push again."))
        : Optional.empty();
  }

  @Override
  public Progress progress() {
    Integer replicas = object.getSpec().getReplicas();
    int wanted = replicas == null ? 1 : replicas;
    DeploymentStatus status = object.getStatus();
    if (status == null) {
      return Progress.unknown(wanted);
    }
    int updated = number(status.getUpdatedReplicas());
    return new Progress(
        Progress.hasObserved(status.getObservedGeneration(), object.getMetadata().getGeneration()),
        wanted,
        updated,
        number(status.getReplicas()) - updated,
        updated,
        number(status.getAvailableReplicas()));
  }

  @Override
  public String end() {
    return "rolled out";
  }

  @Override
  public boolean hasGivenUp() {
    return condition("Progressing")
        .filter(condition -> "ProgressDeadlineExceeded".equals(condition.getReason()))
        .isPresent();
  }

  @Override
  public Optional<String> creationFailure(List<Event> events) {
    return condition("ReplicaFailure")
        .filter(condition -> "True".equals(condition.getStatus()))
        .map(condition -> String.valueOf(condition.getMessage()));
  }

  private Optional<DeploymentCondition> condition(String type) {
    return object.getStatus() == null
        ? Optional.empty()
        : object.getStatus().getConditions().stream()
            .filter(condition -> type.equals(condition.getType()))
            .findFirst();
  }
}
