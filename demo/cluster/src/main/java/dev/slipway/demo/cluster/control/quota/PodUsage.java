package dev.slipway.demo.cluster.control.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What pods, as JSON, count for against a quota: amounts by the names that quotas have for them.
 */
public final class PodUsage {
  private PodUsage() {}

  /** Of all pods together; those that have ended use nothing any more. */
  public static Map<String, BigDecimal> of(Stream<? extends JsonNode> pods) {
    return pods.filter(
            pod -> !Set.of("Succeeded", "Failed").contains(pod.at("/status/phase").asText()))
        .map(PodUsage::of)
        .reduce(Map.of(), PodUsage::sum);
  }

  /** Containers run side by side, init containers before them and one after another. */
  public static Map<String, BigDecimal> of(JsonNode pod) {
    var usage = Map.of("pods", BigDecimal.ONE, "count/pods", BigDecimal.ONE);
    for (var container : pod.at("/spec/containers")) {
      usage = sum(usage, ofContainer(container));
    }
    for (var container : pod.at("/spec/initContainers")) {
      usage = merged(usage, ofContainer(container), BigDecimal::max);
    }
    return usage;
  }

  /** What one container alone counts for. */
  public static Map<String, BigDecimal> ofContainer(JsonNode container) {
    var all = new TreeMap<String, BigDecimal>();
    var requests = container.at("/resources/requests");
    all.putAll(amounts(requests, Function.identity()));
    all.putAll(amounts(requests, name -> "requests." + name));
    all.putAll(amounts(container.at("/resources/limits"), name -> "limits." + name));
    return all;
  }

  /** The amounts of a map of quantities. */
  public static Map<String, BigDecimal> amounts(JsonNode quantities) {
    return amounts(quantities, Function.identity());
  }

  private static Map<String, BigDecimal> amounts(
      JsonNode quantities, Function<String, String> name) {
    return quantities.properties().stream()
        .collect(
            Collectors.toMap(
                each -> name.apply(each.getKey()),
                each -> new Quantity(each.getValue().asText()).getNumericalAmount()));
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
