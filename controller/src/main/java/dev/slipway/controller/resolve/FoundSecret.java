package dev.slipway.controller.resolve;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What is known of a Secret: never its values.
 *
 * @param version another one after every change
 * @param logins of a Secret for registries
 */
public record FoundSecret(String type, String version, Set<String> keys, FoundLogins logins) {
  /** Type of a Secret for registries. */
  public static final String DOCKER_CONFIG_JSON = "kubernetes.io/dockerconfigjson";

  /** Type of the same in the older form. */
  public static final String DOCKER_CFG = "kubernetes.io/dockercfg";

  public static FoundSecret of(Secret secret) {
    Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
    String type = Objects.requireNonNullElse(secret.getType(), "Opaque");
    FoundLogins logins =
        type.equals(DOCKER_CFG) || type.equals(DOCKER_CONFIG_JSON)
            ? FoundLogins.in(registryKey(type), data.get(registryKey(type)))
            : FoundLogins.NONE;
    return new FoundSecret(type, Version.of(secret), Set.copyOf(data.keySet()), logins);
  }

  /** The key under which a Secret of one of the two types has its logins. */
  public static String registryKey(String type) {
    return type.equals(DOCKER_CFG) ? ".dockercfg" : ".dockerconfigjson";
  }
}
