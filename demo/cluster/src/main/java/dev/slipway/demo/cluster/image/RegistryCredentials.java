package dev.slipway.demo.cluster.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** User names and passwords for registries, in the form of Docker's {@code config.json}. */
public final class RegistryCredentials {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DOCKER_HUB = "https://index.docker.io/v1/";

  private final ObjectNode auths;

  private RegistryCredentials(ObjectNode auths) {
    this.auths = auths;
  }

  public static RegistryCredentials none() {
    return new RegistryCredentials(JSON.createObjectNode());
  }

  /** Reads a {@code config.json} ({@code {"auths": …}}) or an old {@code .dockercfg}. */
  public static RegistryCredentials parse(String json) throws JsonProcessingException {
    var tree = JSON.readTree(json);
    var auths = tree.has("auths") ? tree.get("auths") : tree;
    return auths instanceof ObjectNode known ? new RegistryCredentials(encoded(known)) : none();
  }

  /**
   * buildah reads only the encoded form; Kubernetes and Kaniko also a user name beside a password.
   */
  private static ObjectNode encoded(ObjectNode auths) {
    for (var entry : auths) {
      if (entry instanceof ObjectNode login && !login.has("auth") && login.has("username")) {
        login.put(
            "auth",
            base64(login.path("username").asText() + ":" + login.path("password").asText()));
      }
    }
    return auths;
  }

  /** These and those; those win. */
  public RegistryCredentials and(RegistryCredentials others) {
    var all = auths.deepCopy();
    all.setAll(others.auths);
    return new RegistryCredentials(all);
  }

  /** The value of an HTTP Basic header after {@code "Basic "}. */
  Optional<String> basic(String registry) {
    var entry = auths.path(registry);
    if (entry.isMissingNode()) {
      entry = auths.path("https://" + registry);
    }
    if (entry.isMissingNode() && registry.equals("docker.io")) {
      entry = auths.path(DOCKER_HUB);
    }
    if (entry.hasNonNull("auth")) {
      return Optional.of(entry.get("auth").asText());
    }
    return Optional.empty();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** As the text of a {@code config.json}; holds secrets. */
  public String json() {
    var all = JSON.createObjectNode();
    all.set("auths", auths);
    return all.toString();
  }
}
