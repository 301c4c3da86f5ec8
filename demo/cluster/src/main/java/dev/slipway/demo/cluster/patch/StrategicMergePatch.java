package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patch: a merge patch that knows by which field a list's elements are found, with
 * its directives {@code $patch}, {@code $retainKeys}, {@code $deleteFromPrimitiveList} and {@code
 * $setElementOrder}.
 */
final class StrategicMergePatch {
  private static final String DIRECTIVE = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private StrategicMergePatch() {}

  /**
   * Applies a patch.
   *
   * @throws Rejected 400 for a directive that cannot be followed
   */
  static ObjectNode apply(Schema schema, ObjectNode original, ObjectNode patch) {
    if (patch.has(DIRECTIVE)) {
      ObjectNode rest = patch.deepCopy();
      return switch (rest.remove(DIRECTIVE).asText()) {
        case "replace" -> rest;
        case "delete" -> JsonNodeFactory.instance.objectNode();
        case "merge" -> apply(schema, original, rest);
        default -> throw Rejected.badRequest("Unknown patch type found: " + patch.get(DIRECTIVE));
      };
    }
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    original.properties().forEach(each -> merged.set(each.getKey(), each.getValue()));
    if (patch.has(RETAIN)) {
      merged.retain(strings(patch.get(RETAIN)));
    }
    for (Map.Entry<String, JsonNode> each : patch.properties()) {
      String key = each.getKey();
      if (key.startsWith(ORDER)) {
        order(schema, merged, patch, key.substring(ORDER.length()), each.getValue());
      } else if (key.startsWith(DELETE_FROM)) {
        String field = key.substring(DELETE_FROM.length());
        if (merged.get(field) instanceof ArrayNode list) {
          merged.set(field, listOf(difference(elements(list), elements(each.getValue()))));
        }
      } else if (!key.equals(RETAIN) && !patch.has(ORDER + key)) {
        mergeField(schema, merged, key, each.getValue());
      }
    }
    return merged;
  }

  private static void mergeField(Schema schema, ObjectNode merged, String key, JsonNode value) {
    if (value.isNull()) {
      merged.remove(key);
      return;
    }
    JsonNode before = merged.get(key);
    Schema field = Objects.requireNonNullElse(schema.field(key), Schema.ANY);
    if (value instanceof ObjectNode object && !field.patchStrategy().contains("replace")) {
      ObjectNode target =
          before instanceof ObjectNode some ? some : JsonNodeFactory.instance.objectNode();
      merged.set(key, apply(field, target, object));
    } else if (value instanceof ArrayNode list && field.patchStrategy().contains("merge")) {
      List<JsonNode> target = before instanceof ArrayNode some ? elements(some) : List.of();
      merged.set(key, listOf(mergeList(field, target, elements(list))));
    } else {
      merged.set(key, value);
    }
  }

  /** Merges a list with its patch, then brings the elements into the order that is asked for. */
  private static void order(
      Schema schema, ObjectNode merged, ObjectNode patch, String key, JsonNode order) {
    List<JsonNode> before = merged.get(key) instanceof ArrayNode list ? elements(list) : List.of();
    JsonNode changes = patch.get(key);
    if (changes != null) {
      mergeField(schema, merged, key, changes);
    }
    if (merged.get(key) instanceof ArrayNode list) {
      Schema field = Objects.requireNonNullElse(schema.field(key), Schema.ANY);
      merged.set(
          key, listOf(arrange(elements(list), elements(order), before, field.patchMergeKey())));
    }
  }

  private static List<JsonNode> mergeList(
      Schema list, List<JsonNode> original, List<JsonNode> patch) {
    String key = list.patchMergeKey();
    if (key.isEmpty()) {
      List<JsonNode> merged = new ArrayList<>(original);
      patch.stream().filter(each -> !merged.contains(each)).forEach(merged::add);
      return arrange(merged, patch, original, key);
    }
    List<JsonNode> merged = new ArrayList<>(original);
    List<JsonNode> wanted = new ArrayList<>();
    boolean replace = false;
    for (JsonNode each : patch) {
      switch (each.path(DIRECTIVE).asText()) {
        case "" -> wanted.add(each);
        case "delete" -> merged.removeIf(other -> same(other, each, key));
        case "replace" -> replace = true;
        default -> throw Rejected.badRequest("Unknown patch type found: " + each.get(DIRECTIVE));
      }
    }
    if (replace) {
      return wanted;
    }
    for (JsonNode each : wanted) {
      if (!(each instanceof ObjectNode change) || !each.has(key)) {
        throw Rejected.badRequest("map: " + each + " does not contain declared merge key: " + key);
      }
      int at = indexOf(merged, each, key);
      ObjectNode target =
          at < 0 ? JsonNodeFactory.instance.objectNode() : (ObjectNode) merged.get(at);
      ObjectNode result = apply(list.element(), target, change);
      if (at < 0) {
        merged.add(result);
      } else {
        merged.set(at, result);
      }
    }
    return arrange(merged, wanted, original, key);
  }

  /**
   * Elements that the order names come in that order; each other element stays before those that it
   * preceded in the original list. New elements so come first.
   */
  private static List<JsonNode> arrange(
      List<JsonNode> all, List<JsonNode> order, List<JsonNode> original, String key) {
    List<JsonNode> named = new ArrayList<>();
    for (JsonNode each : order) {
      int at = indexOf(all, each, key);
      if (at >= 0 && !named.contains(all.get(at))) {
        named.add(all.get(at));
      }
    }
    List<JsonNode> others = all.stream().filter(each -> !named.contains(each)).toList();
    List<JsonNode> arranged = new ArrayList<>();
    int next = 0;
    for (JsonNode each : others) {
      int place = indexOf(original, each, key);
      while (next < named.size()) {
        int other = indexOf(original, named.get(next), key);
        if (other >= 0 && place >= 0 && place < other) {
          break;
        }
        arranged.add(named.get(next++));
      }
      arranged.add(each);
    }
    arranged.addAll(named.subList(next, named.size()));
    return arranged;
  }

  private static int indexOf(List<JsonNode> list, JsonNode element, String key) {
    for (int i = 0; i < list.size(); i++) {
      if (same(list.get(i), element, key)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean same(JsonNode one, JsonNode other, String key) {
    @Nullable JsonNode identity = key.isEmpty() ? one : one.get(key);
    return identity != null && identity.equals(key.isEmpty() ? other : other.get(key));
  }

  private static List<JsonNode> difference(List<JsonNode> list, List<JsonNode> removed) {
    return list.stream().filter(each -> !removed.contains(each)).toList();
  }

  private static List<JsonNode> elements(JsonNode list) {
    List<JsonNode> elements = new ArrayList<>(list.size());
    list.forEach(elements::add);
    return elements;
  }

  private static List<String> strings(JsonNode list) {
    return elements(list).stream().map(JsonNode::asText).toList();
  }

  private static ArrayNode listOf(List<JsonNode> elements) {
    return JsonNodeFactory.instance.arrayNode().addAll(elements);
  }
}
