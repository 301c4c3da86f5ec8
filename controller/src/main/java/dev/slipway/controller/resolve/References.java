package dev.slipway.controller.resolve;

import java.util.Map;
import java.util.Set;

/**
 * What was found of the objects that a Remote refers to; what is missing has no entry.
 *
 * @param secretTypes type of each Secret by its name; its data is never kept
 * @param containers names of the containers of each Deployment by the Deployment's name
 */
public record References(Map<String, String> secretTypes, Map<String, Set<String>> containers) {

  public References {
    secretTypes = Map.copyOf(secretTypes);
    containers = Map.copyOf(containers);
  }
}
