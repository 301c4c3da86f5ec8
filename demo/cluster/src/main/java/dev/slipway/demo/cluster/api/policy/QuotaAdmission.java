package dev.slipway.demo.cluster.api.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.http.StatusError;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.resource.Admission;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceName;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Refuses pods for which a ResourceQuota of their namespace has no room. It counts what is there
 * afresh each time: the quota's status stays empty. Scopes and other kinds are not looked at.
 */
public final class QuotaAdmission implements Admission {
  private static final ResourceName QUOTAS = new ResourceName("", "resourcequotas");
  private static final ResourceName PODS = new ResourceName("", "pods");
  private static final Set<String> COMPUTE =
      Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

  private final Store store;

  public QuotaAdmission(Store store) {
    this.store = store;
  }

  @Override
  public void admit(Attempt attempt) {
    if (!attempt.type().kind().equals("Pod") || attempt.before().isPresent()) {
      return;
    }
    var pod = attempt.object();
    var quotas = store.list(QUOTAS, pod.namespace()).objects();
    for (var quota : quotas) {
      var unspecified = unspecified(quota, pod);
      if (!unspecified.isEmpty()) {
        throw refusal(attempt, "failed quota: " + quota.name() + ": must specify " + unspecified);
      }
    }
    for (var quota : quotas) {
      requireRoom(attempt, quota);
    }
  }

  /** A quota on requests or limits of cpu or memory obliges every container to have them. */
  private static String unspecified(ApiObject quota, ApiObject pod) {
    var missing = new ArrayList<String>();
    for (var resource : new TreeSet<>(hard(quota).keySet())) {
      var names = new TreeSet<String>();
      if (COMPUTE.contains(resource)) {
        for (var field : List.of("containers", "initContainers")) {
          for (var container : pod.at("/spec/" + field)) {
            if (!usage(container).containsKey(resource)) {
              names.add(container.path("name").asText());
            }
          }
        }
      }
      if (!names.isEmpty()) {
        missing.add(resource + " for: " + String.join(",", names));
      }
    }
    return String.join("; ", missing);
  }

  private void requireRoom(Attempt attempt, ApiObject quota) {
    var hard = hard(quota);
    var requested = usage(attempt.object());
    var used =
        store.list(PODS, quota.namespace()).objects().stream()
            .filter(pod -> !Set.of("Succeeded", "Failed").contains(pod.text("/status/phase")))
            .map(QuotaAdmission::usage)
            .reduce(Map.of(), (some, more) -> merged(some, more, BigDecimal::add));
    var exceeded =
        new TreeSet<>(hard.keySet())
            .stream()
                .filter(requested::containsKey)
                .filter(
                    name ->
                        merged(used, requested, BigDecimal::add)
                                .getOrDefault(name, BigDecimal.ZERO)
                                .compareTo(hard.getOrDefault(name, BigDecimal.ZERO))
                            > 0)
                .toList();
    if (!exceeded.isEmpty()) {
      throw refusal(
          attempt,
          "exceeded quota: %s, requested: %s, used: %s, limited: %s"
              .formatted(
                  quota.name(),
                  text(exceeded, requested),
                  text(exceeded, used),
                  exceeded.stream()
                      .map(name -> name + "=" + quota.at("/spec/hard").path(name).asText())
                      .collect(Collectors.joining(","))));
    }
  }

  private static StatusError refusal(Attempt attempt, String why) {
    return StatusError.forbidden(attempt.type().resource(), attempt.object().name(), why);
  }

  private static Map<String, BigDecimal> hard(ApiObject quota) {
    return amounts(quota.at("/spec/hard"), Function.identity());
  }

  /** Containers run side by side, init containers before them and one after another. */
  private static Map<String, BigDecimal> usage(ApiObject pod) {
    var usage = Map.of("pods", BigDecimal.ONE, "count/pods", BigDecimal.ONE);
    for (var container : pod.at("/spec/containers")) {
      usage = merged(usage, usage(container), BigDecimal::add);
    }
    for (var container : pod.at("/spec/initContainers")) {
      usage = merged(usage, usage(container), BigDecimal::max);
    }
    return usage;
  }

  private static Map<String, BigDecimal> usage(JsonNode container) {
    var all = new TreeMap<String, BigDecimal>();
    var requests = container.at("/resources/requests");
    all.putAll(amounts(requests, Function.identity()));
    all.putAll(amounts(requests, name -> "requests." + name));
    all.putAll(amounts(container.at("/resources/limits"), name -> "limits." + name));
    return all;
  }

  private static Map<String, BigDecimal> amounts(JsonNode node, Function<String, String> name) {
    return node.properties().stream()
        .collect(
            Collectors.toMap(
                each -> name.apply(each.getKey()),
                each -> new Quantity(each.getValue().asText()).getNumericalAmount()));
  }

  private static Map<String, BigDecimal> merged(
      Map<String, BigDecimal> some,
      Map<String, BigDecimal> more,
      BinaryOperator<BigDecimal> together) {
    var all = new TreeMap<>(some);
    more.forEach((name, amount) -> all.merge(name, amount, together));
    return all;
  }

  private static String text(Collection<String> names, Map<String, BigDecimal> amounts) {
    return names.stream()
        .map(name -> name + "=" + text(name, amounts.getOrDefault(name, BigDecimal.ZERO)))
        .collect(Collectors.joining(","));
  }

  /** As Kubernetes writes it: whole, in the largest unit that leaves it so. */
  private static String text(String name, BigDecimal amount) {
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
