package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells the elements of shared lists apart. */
final class Element {
  private Element() {}

  /** Whether the elements of the list have owners of their own. */
  static boolean isShared(Schema list) {
    return list.listType() != Schema.ListType.ATOMIC;
  }

  /** Whether a value is to be taken apart as an object whose fields have owners of their own. */
  static boolean isGranularMap(Schema schema, @Nullable JsonNode value) {
    return value != null && value.isObject() && !schema.atomicMap();
  }

  /**
   * The identity of an element. Keys that were left out count with their default: a port without a
   * protocol is the TCP port.
   *
   * @throws IllegalArgumentException when a list-map's element is not an object or has no key at
   *     all
   */
  static PathElement of(Schema list, JsonNode element) {
    if (list.listType() == Schema.ListType.SET) {
      return new PathElement.Value(element);
    }
    if (!element.isObject()) {
      throw new IllegalArgumentException("associative list may not have non-map elements");
    }
    SortedMap<String, JsonNode> keys = new TreeMap<>();
    for (String key : list.listMapKeys()) {
      JsonNode value = element.get(key);
      if (value == null) {
        Schema schema = list.element().field(key);
        value = schema == null ? null : schema.keyDefault();
      }
      if (value != null) {
        keys.put(key, value);
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "associative list with keys has an element that omits all key fields %s (and doesn't have default values for any key fields)"
              .formatted(quoted(list)));
    }
    return new PathElement.Keys(keys);
  }

  private static String quoted(Schema list) {
    return list.listMapKeys().stream().map(key -> '"' + key + '"').toList().toString();
  }

  /** The elements by identity, in order; of duplicates the first. Null gives none. */
  static Map<PathElement, JsonNode> byIdentity(Schema list, @Nullable JsonNode value) {
    Map<PathElement, JsonNode> elements = new LinkedHashMap<>();
    if (value != null) {
      value.forEach(each -> elements.putIfAbsent(of(list, each), each));
    }
    return elements;
  }
}
