package dev.slipway.demo.cluster.control.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells pod templates apart, and names each with a short word. */
final class TemplateHash {
  /** The label that carries the word. */
  static final String LABEL = "pod-template-hash";

  /** Letters that make no words and look like nothing else, as Kubernetes uses them. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private TemplateHash() {}

  /**
   * A word of at most ten letters for this template.
   *
   * @param collisions how many words were found taken by another template before
   */
  static String of(PodTemplateSpec template, @Nullable Integer collisions) {
    int hash = fnv1a(FNV_OFFSET, canonical(template).toString());
    if (collisions != null) {
      hash = fnv1a(hash, collisions.toString());
    }
    var word = new StringBuilder();
    Integer.toUnsignedString(hash)
        .chars()
        .forEach(digit -> word.append(ALPHABET.charAt(digit % ALPHABET.length())));
    return word.toString();
  }

  /** Whether pods of both templates would be the same; the label does not count. */
  static boolean same(PodTemplateSpec one, PodTemplateSpec other) {
    return canonical(one).equals(canonical(other));
  }

  private static JsonNode canonical(PodTemplateSpec template) {
    var tree = JSON.convertValue(template, JsonNode.class);
    if (tree.path("metadata") instanceof ObjectNode metadata
        && metadata.path("labels") instanceof ObjectNode labels) {
      labels.remove(LABEL);
      if (labels.isEmpty()) {
        metadata.remove("labels");
      }
    }
    return sorted(tree);
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isArray()) {
      var array = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> array.add(sorted(element)));
      return array;
    }
    if (!node.isObject()) {
      return node;
    }
    var fields = new TreeMap<String, JsonNode>();
    node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
    var object = JsonNodeFactory.instance.objectNode();
    object.setAll(fields);
    return object;
  }

  private static int fnv1a(int start, String text) {
    int hash = start;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
