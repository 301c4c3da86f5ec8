package dev.slipway.controller.resolve;

import java.util.Map;
import java.util.Set;

/**
 * What was found of the objects that a Remote refers to, by their names; what is missing has no
 * entry.
 *
 * @param configMaps keys of each ConfigMap
 * @param containers names of the containers of each Deployment
 */
public record References(
    Map<String, FoundSecret> secrets,
    Map<String, Set<String>> configMaps,
    Map<String, Set<String>> containers) {

  public References {
    secrets = Map.copyOf(secrets);
    configMaps = Map.copyOf(configMaps);
    containers = Map.copyOf(containers);
  }
}
