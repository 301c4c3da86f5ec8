package dev.slipway.demo.cluster.api.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.resource.Admission;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.control.quota.PodUsage;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses pods for which a ResourceQuota of their namespace has no room. It counts what is there
 * afresh each time, whatever the quota's status says. Scopes and other kinds are not looked at.
 */
public record QuotaAdmission(Store store) implements Admission {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ResourceName QUOTAS = new ResourceName("", "resourcequotas");
  private static final ResourceName PODS = new ResourceName("", "pods");
  private static final Set<String> COMPUTE =
      Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

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
    var spec = read(pod).getSpec();
    var missing = new ArrayList<String>();
    for (var resource : new TreeSet<>(hard(quota).keySet())) {
      var names = new TreeSet<String>();
      if (COMPUTE.contains(resource)) {
        Stream.of(spec.getContainers(), spec.getInitContainers())
            .flatMap(List::stream)
            .filter(container -> !PodUsage.of(container).containsKey(resource))
            .forEach(container -> names.add(container.getName()));
      }
      if (!names.isEmpty()) {
        missing.add(resource + " for: " + String.join(",", names));
      }
    }
    return String.join("; ", missing);
  }

  private void requireRoom(Attempt attempt, ApiObject quota) {
    var hard = hard(quota);
    var requested = PodUsage.of(read(attempt.object()));
    var used =
        PodUsage.of(
            store.list(PODS, quota.namespace()).objects().stream().map(QuotaAdmission::read));
    var together = PodUsage.sum(used, requested);
    var exceeded =
        new TreeSet<>(hard.keySet())
            .stream()
                .filter(requested::containsKey)
                .filter(
                    name ->
                        together
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

  private static Rejected refusal(Attempt attempt, String why) {
    return Rejected.forbidden(attempt.type().resource(), attempt.object().name(), why);
  }

  private static Pod read(ApiObject pod) {
    return JSON.convertValue(pod.json(), Pod.class);
  }

  private static Map<String, BigDecimal> hard(ApiObject quota) {
    return PodUsage.amounts(
        JSON.convertValue(quota.json(), ResourceQuota.class).getSpec().getHard());
  }

  private static String text(Collection<String> names, Map<String, BigDecimal> amounts) {
    return names.stream()
        .map(name -> name + "=" + PodUsage.text(name, amounts.getOrDefault(name, BigDecimal.ZERO)))
        .collect(Collectors.joining(","));
  }
}
