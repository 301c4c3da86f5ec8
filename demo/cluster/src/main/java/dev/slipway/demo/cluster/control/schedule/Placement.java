package dev.slipway.demo.cluster.control.schedule;

import dev.slipway.demo.cluster.control.quota.PodUsage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where a pod goes, or why nowhere. */
sealed interface Placement {
  /** It goes to this node. */
  record On(String node) implements Placement {}

  /** It has to wait; the sentence is kube-scheduler's. */
  record Nowhere(String message) implements Placement {}

  /**
   * Decides for one pod.
   *
   * @param used what the pods on each node ask for already, by name of the node
   */
  static Placement decide(
      Pod pod, Collection<Node> nodes, Map<String, Map<String, BigDecimal>> used) {
    if (nodes.isEmpty()) {
      return new Nowhere("no nodes available to schedule pods");
    }
    var reasons = new TreeMap<String, Integer>();
    boolean hopeless = true;
    for (var node : nodes) {
      var name = node.getMetadata().getName();
      var refusals = refusals(pod, node, used.getOrDefault(name, Map.of()));
      if (refusals.isEmpty()) {
        return new On(name);
      }
      refusals.forEach(refusal -> reasons.merge(refusal.reason(), 1, Integer::sum));
      hopeless &= refusals.stream().anyMatch(Refusal::isFinal);
    }
    return new Nowhere(message(nodes.size(), reasons, hopeless));
  }

  /** The sentence for a pod that no node can take because of its volumes. */
  static Nowhere missingVolume(int nodes, String problem) {
    return new Nowhere("0/%d nodes are available: %s".formatted(nodes, problem));
  }

  private static String message(int nodes, SortedMap<String, Integer> reasons, boolean hopeless) {
    var counted =
        reasons.entrySet().stream()
            .map(reason -> reason.getValue() + " " + reason.getKey())
            .collect(Collectors.joining(", "));
    return ("0/%1$d nodes are available: %2$s. no new claims to deallocate, preemption: "
            + "0/%1$d nodes are available: %1$d %3$s")
        .formatted(
            nodes,
            counted,
            hopeless
                ? "Preemption is not helpful for scheduling."
                : "No preemption victims found for incoming pod.");
  }

  /**
   * One reason of one node.
   *
   * @param isFinal whether it would also hold on an empty node
   */
  record Refusal(String reason, boolean isFinal) {}

  private static List<Refusal> refusals(Pod pod, Node node, Map<String, BigDecimal> used) {
    if (Boolean.TRUE.equals(node.getSpec() == null ? null : node.getSpec().getUnschedulable())) {
      return List.of(new Refusal("node(s) were unschedulable", true));
    }
    var taints = node.getSpec() == null ? List.<Taint>of() : node.getSpec().getTaints();
    for (var taint : taints) {
      if (!"PreferNoSchedule".equals(taint.getEffect()) && !tolerates(pod, taint)) {
        var value = taint.getValue() == null ? "" : taint.getValue();
        return List.of(
            new Refusal(
                "node(s) had untolerated taint {%s: %s}".formatted(taint.getKey(), value), true));
      }
    }
    if (!isSelected(pod, node)) {
      return List.of(new Refusal("node(s) didn't match Pod's node affinity/selector", true));
    }
    return shortages(pod, node, used);
  }

  private static boolean isSelected(Pod pod, Node node) {
    var selector = pod.getSpec().getNodeSelector();
    var labels = node.getMetadata().getLabels();
    return selector == null
        || selector.isEmpty()
        || (labels != null && labels.entrySet().containsAll(selector.entrySet()));
  }

  private static boolean tolerates(Pod pod, Taint taint) {
    return pod.getSpec().getTolerations().stream()
        .anyMatch(toleration -> covers(toleration, taint));
  }

  private static boolean covers(Toleration toleration, Taint taint) {
    return (toleration.getEffect() == null || toleration.getEffect().equals(taint.getEffect()))
        && (toleration.getKey() == null || toleration.getKey().equals(taint.getKey()))
        && ("Exists".equals(toleration.getOperator())
            || Objects.equals(toleration.getValue(), taint.getValue()));
  }

  private static List<Refusal> shortages(Pod pod, Node node, Map<String, BigDecimal> used) {
    var status = node.getStatus();
    if (status == null || status.getAllocatable() == null || status.getAllocatable().isEmpty()) {
      return List.of(); // a node that does not say how large it is takes all
    }
    var has = PodUsage.amounts(status.getAllocatable());
    var needs = PodUsage.of(pod);
    var together = PodUsage.sum(used, needs);
    var shortages = new ArrayList<Refusal>();
    for (var resource : List.of("cpu", "memory")) {
      var need = needs.getOrDefault(resource, BigDecimal.ZERO);
      var room = has.getOrDefault(resource, BigDecimal.ZERO);
      if (need.signum() > 0
          && together.getOrDefault(resource, BigDecimal.ZERO).compareTo(room) > 0) {
        shortages.add(new Refusal("Insufficient " + resource, need.compareTo(room) > 0));
      }
    }
    return shortages;
  }
}
