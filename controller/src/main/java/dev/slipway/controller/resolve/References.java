package dev.slipway.controller.resolve;

import dev.slipway.crd.gitd.Target.Source.Kind;
import dev.slipway.crd.gitd.Workload;
import java.util.Map;
import java.util.Set;

/**
 * What was found of the objects that a Remote refers to, by their names; what is missing has no
 * entry.
 *
 * @param serviceAccounts those that exist
 * @param secretKeyTexts the values of the Secrets that hold public keys, by key
 * @param configMapKeyTexts the values of the ConfigMaps that hold public keys, by key
 */
public record References(
    Map<String, FoundSecret> secrets,
    Map<String, FoundConfigMap> configMaps,
    Map<Workload, FoundWorkload> workloads,
    Set<String> serviceAccounts,
    Map<String, Map<String, String>> secretKeyTexts,
    Map<String, Map<String, String>> configMapKeyTexts) {

  public References {
    secrets = Map.copyOf(secrets);
    configMaps = Map.copyOf(configMaps);
    workloads = Map.copyOf(workloads);
    serviceAccounts = Set.copyOf(serviceAccounts);
    secretKeyTexts = Map.copyOf(secretKeyTexts);
    configMapKeyTexts = Map.copyOf(configMapKeyTexts);
  }

  /** What stands in the objects of one kind that hold public keys. */
  public Map<String, Map<String, String>> keyTexts(Kind kind) {
    return switch (kind) {
      case Secret -> secretKeyTexts;
      case ConfigMap -> configMapKeyTexts;
    };
  }
}
