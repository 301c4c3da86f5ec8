package dev.slipway.controller.resolve;

import dev.slipway.crd.gitd.Workload;
import java.util.Map;
import java.util.Set;

/**
 * What was found of the objects that a Remote refers to, by their names; what is missing has no
 * entry.
 *
 * @param configMaps keys of each ConfigMap
 * @param serviceAccounts whether gitd may act as it
 */
public record References(
    Map<String, FoundSecret> secrets,
    Map<String, Set<String>> configMaps,
    Map<Workload, FoundWorkload> workloads,
    Map<String, Boolean> serviceAccounts) {

  public References {
    secrets = Map.copyOf(secrets);
    configMaps = Map.copyOf(configMaps);
    workloads = Map.copyOf(workloads);
    serviceAccounts = Map.copyOf(serviceAccounts);
  }
}
