package dev.slipway.controller.resolve;

import dev.slipway.crd.registry.DockerConfig;
import dev.slipway.crd.registry.InvalidDockerConfigException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which registries a Secret lets in, without what it lets in with.
 *
 * @param hosts with a login
 * @param hostsWithoutLogin named, and nothing more
 * @param helpers programs that keep logins on somebody's machine
 * @param problem why it cannot be read, as half a sentence; empty if it can
 */
public record FoundLogins(
    List<String> hosts, List<String> hostsWithoutLogin, List<String> helpers, String problem) {

  /** Where there is nothing to read. */
  static final FoundLogins NONE = new FoundLogins(List.of(), List.of(), List.of(), "");

  static FoundLogins in(String key, @Nullable String encoded) {
    if (encoded == null) {
      return unreadable("it has no key " + key);
    }
    try {
      String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      DockerConfig config = DockerConfig.parse(text);
      return new FoundLogins(
          List.copyOf(config.hosts()),
          List.copyOf(config.hostsWithoutLogin()),
          List.copyOf(config.helpers()),
          "");
    } catch (InvalidDockerConfigException e) {
      return unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static FoundLogins unreadable(String problem) {
    return new FoundLogins(List.of(), List.of(), List.of(), problem);
  }
}
