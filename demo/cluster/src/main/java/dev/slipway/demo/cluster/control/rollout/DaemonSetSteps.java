package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.OwnPods.count;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import dev.slipway.demo.cluster.control.rollout.StepwiseController.Step;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatusBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decides the next step of a DaemonSet: one pod on each node that its selector takes; an update
 * replaces what is not available at once, and of the others one at a time. Taints, surge and
 * maxUnavailable are not looked at.
 */
final class DaemonSetSteps {
  private final DaemonSet set;
  private final String revision;
  private final List<Pod> pods;
  private final List<String> nodes;
  private final Instant now;

  private DaemonSetSteps(DaemonSet set, List<Pod> pods, List<Node> nodes, Instant now) {
    this.set = set;
    this.revision = TemplateHash.of(set.getSpec().getTemplate(), null);
    this.pods = pods;
    this.now = now;
    Map<String, String> selector = set.getSpec().getTemplate().getSpec().getNodeSelector();
    this.nodes =
        nodes.stream()
            .filter(node -> labels(node).entrySet().containsAll(selector.entrySet()))
            .map(node -> node.getMetadata().getName())
            .toList();
  }

  static Step<DaemonSet> next(DaemonSet set, List<Pod> pods, List<Node> nodes, Instant now) {
    var steps = new DaemonSetSteps(set, pods, nodes, now);
    return new Step<>(
        steps.create(),
        steps.delete(),
        new DaemonSetBuilder(set).withStatus(steps.status()).build(),
        pods.stream().anyMatch(pod -> PodFacts.isReady(pod) && !steps.isAvailable(pod)));
  }

  private static Map<String, String> labels(Node node) {
    var labels = node.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  private List<Pod> create() {
    return nodes.stream()
        .filter(node -> pods.stream().noneMatch(pod -> node.equals(pod.getSpec().getNodeName())))
        .map(
            node ->
                OwnPods.made(set, set.getSpec().getTemplate(), revision)
                    .editMetadata()
                    .withGenerateName(set.getMetadata().getName() + "-")
                    .endMetadata()
                    .editSpec()
                    .withNodeName(node)
                    .endSpec()
                    .build())
        .toList();
  }

  private List<Pod> delete() {
    var delete = new ArrayList<Pod>();
    boolean rolling = "RollingUpdate".equals(set.getSpec().getUpdateStrategy().getType());
    int spare = 1 - (nodes.size() - count(pods, this::isAvailable));
    for (var pod : pods) {
      if (PodFacts.isTerminating(pod)) {
        continue;
      }
      if (!nodes.contains(pod.getSpec().getNodeName()) || PodFacts.isFinished(pod)) {
        delete.add(pod);
      } else if (rolling && !OwnPods.isOf(pod, revision)) {
        if (!isAvailable(pod)) {
          delete.add(pod);
        } else if (spare > 0) {
          delete.add(pod);
          spare--;
        }
      }
    }
    return delete;
  }

  private DaemonSetStatus status() {
    var active = pods.stream().filter(PodFacts::isActive).toList();
    int available = count(active, this::isAvailable);
    return new DaemonSetStatusBuilder()
        .withObservedGeneration(set.getMetadata().getGeneration())
        .withDesiredNumberScheduled(nodes.size())
        .withCurrentNumberScheduled(active.size())
        .withNumberMisscheduled(0)
        .withNumberReady(count(active, PodFacts::isReady))
        .withNumberAvailable(Counts.absentIfZero(available))
        .withNumberUnavailable(Counts.absentIfZero(nodes.size() - available))
        .withUpdatedNumberScheduled(
            Counts.absentIfZero(count(active, pod -> OwnPods.isOf(pod, revision))))
        .build();
  }

  private boolean isAvailable(Pod pod) {
    return OwnPods.isAvailable(pod, set.getSpec().getMinReadySeconds(), now);
  }
}
