package dev.slipway.demo.cluster.control.quota;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What pods count for against a quota or a node: amounts by the names that quotas have for them.
 */
public final class PodUsage {
  private PodUsage() {}

  /** Of all pods together; those that have ended use nothing any more. */
  public static Map<String, BigDecimal> of(Stream<Pod> pods) {
    return pods.filter(pod -> !PodFacts.isFinished(pod))
        .map(PodUsage::of)
        .reduce(Map.of(), PodUsage::sum);
  }

  /** Containers run side by side, init containers before them and one after another. */
  public static Map<String, BigDecimal> of(Pod pod) {
    var usage = Map.of("pods", BigDecimal.ONE, "count/pods", BigDecimal.ONE);
    for (var container : pod.getSpec().getContainers()) {
      usage = sum(usage, of(container));
    }
    for (var container : pod.getSpec().getInitContainers()) {
      usage = merged(usage, of(container), BigDecimal::max);
    }
    return usage;
  }

  /** What one container alone counts for. */
  public static Map<String, BigDecimal> of(Container container) {
    var resources = container.getResources();
    if (resources == null) {
      return Map.of();
    }
    var all = new TreeMap<>(amounts(resources.getRequests()));
    amounts(resources.getRequests()).forEach((name, most) -> all.put("requests." + name, most));
    amounts(resources.getLimits()).forEach((name, most) -> all.put("limits." + name, most));
    return all;
  }

  /** The amounts of a map of quantities. */
  public static Map<String, BigDecimal> amounts(@Nullable Map<String, Quantity> quantities) {
    return quantities == null
        ? Map.of()
        : quantities.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().getNumericalAmount()));
  }

  public static Map<String, BigDecimal> sum(
      Map<String, BigDecimal> some, Map<String, BigDecimal> more) {
    return merged(some, more, BigDecimal::add);
  }

  private static Map<String, BigDecimal> merged(
      Map<String, BigDecimal> some,
      Map<String, BigDecimal> more,
      BinaryOperator<BigDecimal> together) {
    var all = new TreeMap<>(some);
    more.forEach((name, amount) -> all.merge(name, amount, together));
    return all;
  }

  /** As Kubernetes writes an amount: whole, in the largest unit that leaves it so. */
  public static String text(String name, BigDecimal amount) {
    if (name.endsWith("cpu") && amount.stripTrailingZeros().scale() > 0) {
      return amount.movePointRight(3).stripTrailingZeros().toPlainString() + "m";
    }
    var units = List.of("", "Ki", "Mi", "Gi", "Ti");
    var left = amount;
    int unit = 0;
    var kibi = BigDecimal.valueOf(1024);
    while (name.endsWith("memory")
        && left.signum() > 0
        && left.remainder(kibi).signum() == 0
        && unit < units.size() - 1) {
      left = left.divide(kibi);
      unit++;
    }
    return left.stripTrailingZeros().toPlainString() + units.get(unit);
  }
}
