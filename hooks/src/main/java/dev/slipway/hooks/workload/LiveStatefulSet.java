package dev.slipway.hooks.workload;

import static dev.slipway.hooks.workload.Progress.number;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateStatefulSetStrategy;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetUpdateStrategy;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A StatefulSet, which updates its pods one by one from the last one down to the partition.
 *
 * <p>It has no conditions: what keeps it from making pods stands in its events only.
 */
record LiveStatefulSet(StatefulSet object) implements LiveWorkload {
  private static final String REVISION = "controller-revision-hash";

  @Override
  public Optional<LabelSelector> selector() {
    return Optional.of(object.getSpec().getSelector());
  }

  @Override
  public Optional<Obstacle> obstacle() {
    StatefulSetUpdateStrategy strategy = object.getSpec().getUpdateStrategy();
    if (strategy != null && "OnDelete".equals(strategy.getType())) {
      return Optional.of(
          new Obstacle(
              "OnDelete",
              "has the updateStrategy OnDelete: each pod keeps its image until somebody deletes it,"
                  + " which a push cannot wait for; set RollingUpdate, then push again."));
    }
    return replicas() > 0 && partition() >= replicas()
        ? Optional.of(
            new Obstacle(
                "Partitioned",
                "has %d replicas and the partition %d, so no pod would be updated; lower the partition, then push again."
                    .formatted(replicas(), partition())))
        : Optional.empty();
  }

  @Override
  public Progress progress() {
    int wanted = Math.max(0, replicas() - partition());
    StatefulSetStatus status = object.getStatus();
    if (status == null) {
      return Progress.unknown(wanted);
    }
    int updated = number(status.getUpdatedReplicas());
    return new Progress(
        Progress.hasObserved(status.getObservedGeneration(), object.getMetadata().getGeneration()),
        wanted,
        updated,
        partition() > 0 ? 0 : number(status.getReplicas()) - updated,
        replicas(),
        number(status.getAvailableReplicas()));
  }

  @Override
  public String end() {
    return partition() == 0 || replicas() == 0
        ? "rolled out"
        : "rolled out to %d of %d replicas; partition %d keeps the others as they are"
            .formatted(replicas() - partition(), replicas(), partition());
  }

  @Override
  public boolean lacksPods() {
    StatefulSetStatus status = object.getStatus();
    return status == null || number(status.getReplicas()) < replicas();
  }

  /**
   * The first pod of another template that is not ready, where pods are made in order: the
   * controller waits for it before it does anything else, also when the template that would heal it
   * has come (kubernetes/kubernetes#67250). Which template it makes pods from now, the status says
   * only once the controller has seen it; and while a pod of that one is on its way, it may be that
   * one which is waited for.
   */
  @Override
  public Optional<Pod> stuck(List<Pod> pods) {
    StatefulSetStatus status = object.getStatus();
    if (status == null
        || !progress().observed()
        || "Parallel".equals(object.getSpec().getPodManagementPolicy())) {
      return Optional.empty();
    }
    List<Pod> unready =
        pods.stream()
            .filter(this::isOwn)
            .filter(pod -> !Pods.isReady(pod) || pod.getMetadata().getDeletionTimestamp() != null)
            .toList();
    boolean onTheWay =
        unready.stream()
            .anyMatch(
                pod ->
                    pod.getMetadata().getDeletionTimestamp() != null
                        || revision(pod).equals(status.getUpdateRevision()));
    return onTheWay
        ? Optional.empty()
        : unready.stream()
            .filter(pod -> ordinal(pod) >= firstOrdinal() + partition())
            .min(Comparator.comparingInt(LiveStatefulSet::ordinal));
  }

  /** The labels of another workload may be the same. */
  private boolean isOwn(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(object.getMetadata().getUid()));
  }

  private static String revision(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels == null ? "" : labels.getOrDefault(REVISION, "");
  }

  private static int ordinal(Pod pod) {
    String name = pod.getMetadata().getName();
    try {
      return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    } catch (NumberFormatException e) {
      return -1; // Not one of its own, though the labels are.
    }
  }

  private int firstOrdinal() {
    return object.getSpec().getOrdinals() == null
        ? 0
        : number(object.getSpec().getOrdinals().getStart());
  }

  private int replicas() {
    Integer replicas = object.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }

  private int partition() {
    StatefulSetUpdateStrategy strategy = object.getSpec().getUpdateStrategy();
    RollingUpdateStatefulSetStrategy rolling =
        strategy == null ? null : strategy.getRollingUpdate();
    return rolling == null ? 0 : number(rolling.getPartition());
  }
}
