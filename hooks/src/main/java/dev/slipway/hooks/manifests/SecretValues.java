package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * Keeps the values of Secrets out of everything that is said about them: the API server quotes
 * values that it does not take.
 */
final class SecretValues {
  private SecretValues() {}

  static boolean isSecret(Manifest manifest) {
    return manifest.kind().equals("Secret") && manifest.apiVersion().equals("v1");
  }

  /**
   * Moves {@code stringData} into {@code data}, as the API server does itself, so that what was
   * applied is what is read back. In place.
   *
   * @throws InvalidManifestException if a value is no text; only its key is named
   */
  static void fold(ObjectNode secret) throws InvalidManifestException {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : values(secret, "data")) {
      String text = text(each, "data");
      try {
        Base64.getDecoder().decode(text.replaceAll("[\\r\\n]", ""));
      } catch (IllegalArgumentException e) {
        throw new InvalidManifestException(
            "data.%s is not base64; write it so, or move it to stringData"
                .formatted(each.getKey()));
      }
      data.put(each.getKey(), text);
    }
    for (Map.Entry<String, JsonNode> each : values(secret, "stringData")) {
      byte[] bytes = text(each, "stringData").getBytes(StandardCharsets.UTF_8);
      data.put(each.getKey(), Base64.getEncoder().encodeToString(bytes));
    }
    secret.remove("stringData");
    if (secret.has("data") || !data.isEmpty()) {
      secret.set("data", data);
    }
  }

  /** The same failure without the words of the API server, and without its cause. */
  static KubernetesClientException withoutWords(KubernetesClientException e) {
    return e.getCode() == 0
        ? e
        : new KubernetesClientException(
            "it answers %d, and its words are not shown, as they may quote a Secret"
                .formatted(e.getCode()),
            e.getCode(),
            null);
  }

  private static Iterable<Map.Entry<String, JsonNode>> values(ObjectNode secret, String field)
      throws InvalidManifestException {
    JsonNode values = secret.path(field);
    if (!values.isObject() && !values.isMissingNode() && !values.isNull()) {
      throw new InvalidManifestException(field + " is no map from keys to texts");
    }
    return values.properties();
  }

  private static String text(Map.Entry<String, JsonNode> value, String field)
      throws InvalidManifestException {
    if (!value.getValue().isTextual() && !value.getValue().isNull()) {
      throw new InvalidManifestException(
          "%s.%s is no text; put it in quotes".formatted(field, value.getKey()));
    }
    return value.getValue().asText("");
  }
}
