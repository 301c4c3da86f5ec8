package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what the schema of a chart's values refers to outside of itself: Helm's engine would load
 * it, from any URL and any file, with gitd's reach instead of the pusher's.
 */
final class ChartSchema {
  private static final Set<String> REFERENCES =
      Set.of("$ref", "$dynamicRef", "$recursiveRef", "$schema");

  /** The drafts of json-schema.org that the engine has with it. */
  private static final Set<String> DRAFTS =
      Set.of(
          "http://json-schema.org/schema",
          "http://json-schema.org/draft-04/schema",
          "http://json-schema.org/draft-06/schema",
          "http://json-schema.org/draft-07/schema",
          "https://json-schema.org/draft/2019-09/schema",
          "https://json-schema.org/draft/2020-12/schema");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private ChartSchema() {}

  static boolean is(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith("values.schema.json");
  }

  /**
   * Passes what the engine can read without loading anything.
   *
   * @throws InvalidManifestException if it refers to anything but itself and the drafts of JSON
   *     Schema, or is no JSON
   */
  static void check(byte[] schema) throws InvalidManifestException {
    JsonNode root;
    try {
      root = JSON.readTree(schema);
    } catch (IOException e) {
      throw new InvalidManifestException("is no JSON");
    }
    Optional<String> outside = outside(root);
    if (outside.isPresent()) {
      throw new InvalidManifestException(
          "refers to \"%s\", and a chart's schema may refer to itself only; put the definition into it, or remove it"
              .formatted(outside.get()));
    }
  }

  private static Optional<String> outside(JsonNode node) {
    if (node.isObject()) {
      for (String name : REFERENCES) {
        JsonNode value = node.path(name);
        if (value.isTextual() && !isHere(name, value.textValue())) {
          return Optional.of(value.textValue());
        }
      }
    }
    for (JsonNode child : node) {
      Optional<String> found = outside(child);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static boolean isHere(String name, String reference) {
    return name.equals("$schema")
        ? DRAFTS.contains(reference.replaceFirst("#$", ""))
        : reference.startsWith("#");
  }
}
