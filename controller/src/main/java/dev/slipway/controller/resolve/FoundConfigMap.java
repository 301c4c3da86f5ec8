package dev.slipway.controller.resolve;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.HashSet;
import java.util.Set;

/**
 * What is known of a ConfigMap: never its values.
 *
 * @param version another one after every change
 */
public record FoundConfigMap(String version, Set<String> keys) {
  public static FoundConfigMap of(ConfigMap map) {
    Set<String> keys = new HashSet<>();
    if (map.getData() != null) {
      keys.addAll(map.getData().keySet());
    }
    if (map.getBinaryData() != null) {
      keys.addAll(map.getBinaryData().keySet());
    }
    return new FoundConfigMap(Version.of(map), Set.copyOf(keys));
  }
}
