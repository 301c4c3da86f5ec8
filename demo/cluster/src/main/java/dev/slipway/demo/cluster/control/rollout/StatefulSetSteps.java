package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.OwnPods.count;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import dev.slipway.demo.cluster.control.rollout.StepwiseController.Step;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Decides the next step of a StatefulSet: pods from the first one up, updates from the last one
 * down to the partition, and where pods are made in order nothing while one is not ready.
 *
 * <p>Follows kube-controller-manager's {@code stateful_set_control.go}, but for two things: claims
 * are not made from templates, and no revision is kept, so a pod below the partition comes back
 * with the present template.
 */
final class StatefulSetSteps {
  private final StatefulSet set;
  private final String revision;
  private final TreeMap<Integer, Pod> pods = new TreeMap<>();
  private final Instant now;
  private final List<Pod> create = new ArrayList<>();
  private final List<Pod> delete = new ArrayList<>();

  private StatefulSetSteps(StatefulSet set, List<Pod> all, Instant now) {
    this.set = set;
    this.revision = set.getMetadata().getName() + "-" + hash(set);
    this.now = now;
    int prefix = set.getMetadata().getName().length() + 1;
    all.forEach(
        pod -> pods.put(Integer.valueOf(pod.getMetadata().getName().substring(prefix)), pod));
  }

  static Step<StatefulSet> next(StatefulSet set, List<Pod> pods, List<Node> nodes, Instant now) {
    var steps = new StatefulSetSteps(set, pods, now);
    if (steps.fill() && steps.shrink()) {
      steps.update();
    }
    return new Step<>(
        steps.create,
        steps.delete,
        new StatefulSetBuilder(set).withStatus(steps.status()).build(),
        pods.stream().anyMatch(pod -> PodFacts.isReady(pod) && !steps.isAvailable(pod)));
  }

  /** Whether what should be there is, as far as anything waits for it. */
  private boolean fill() {
    boolean ordered = !"Parallel".equals(set.getSpec().getPodManagementPolicy());
    for (int i = 0; i < replicas(); i++) {
      Pod pod = pods.get(i);
      if (pod == null) {
        create.add(made(i));
      } else if (PodFacts.isFinished(pod) && !PodFacts.isTerminating(pod)) {
        delete.add(pod);
      } else if (isAvailable(pod) || !ordered) {
        continue;
      }
      if (ordered) {
        return false;
      }
    }
    return create.isEmpty() && delete.isEmpty();
  }

  private boolean shrink() {
    var surplus = pods.tailMap(replicas());
    if (!surplus.isEmpty() && !PodFacts.isTerminating(surplus.lastEntry().getValue())) {
      delete.add(surplus.lastEntry().getValue());
    }
    return surplus.isEmpty();
  }

  private void update() {
    var strategy = set.getSpec().getUpdateStrategy();
    if ("OnDelete".equals(strategy.getType())) {
      return;
    }
    int partition =
        strategy.getRollingUpdate() == null
            ? 0
            : Counts.orZero(strategy.getRollingUpdate().getPartition());
    for (int i = replicas() - 1; i >= partition; i--) {
      Pod pod = pods.get(i);
      if (pod != null && !OwnPods.isOf(pod, revision) && !PodFacts.isTerminating(pod)) {
        delete.add(pod);
        return;
      }
      if (pod == null || !isAvailable(pod)) {
        return;
      }
    }
  }

  private Pod made(int ordinal) {
    String name = set.getMetadata().getName() + "-" + ordinal;
    return OwnPods.made(set, set.getSpec().getTemplate(), revision)
        .editMetadata()
        .withName(name)
        .addToLabels("statefulset.kubernetes.io/pod-name", name)
        .addToLabels("apps.kubernetes.io/pod-index", Integer.toString(ordinal))
        .endMetadata()
        .editSpec()
        .withHostname(name)
        .withSubdomain(set.getSpec().getServiceName())
        .endSpec()
        .build();
  }

  private StatefulSetStatus status() {
    var before = set.getStatus();
    String told = before == null ? null : before.getCurrentRevision();
    int updated = count(pods.values(), pod -> isOwn(pod, revision));
    int ready = count(pods.values(), PodFacts::isReady);
    boolean complete = updated == pods.size() && ready == pods.size();
    String current = told == null || complete ? revision : told;
    return new StatefulSetStatusBuilder()
        .withObservedGeneration(set.getMetadata().getGeneration())
        .withReplicas(pods.size())
        .withReadyReplicas(Counts.absentIfZero(ready))
        .withAvailableReplicas(count(pods.values(), this::isAvailable))
        .withCurrentReplicas(Counts.absentIfZero(count(pods.values(), pod -> isOwn(pod, current))))
        .withUpdatedReplicas(Counts.absentIfZero(updated))
        .withCurrentRevision(current)
        .withUpdateRevision(revision)
        .withCollisionCount(0)
        .build();
  }

  private static boolean isOwn(Pod pod, String revision) {
    return OwnPods.isOf(pod, revision) && !PodFacts.isTerminating(pod);
  }

  private boolean isAvailable(Pod pod) {
    return OwnPods.isAvailable(pod, set.getSpec().getMinReadySeconds(), now);
  }

  private int replicas() {
    return Counts.orZero(set.getSpec().getReplicas());
  }

  private static String hash(StatefulSet set) {
    return TemplateHash.of(set.getSpec().getTemplate(), null);
  }
}
