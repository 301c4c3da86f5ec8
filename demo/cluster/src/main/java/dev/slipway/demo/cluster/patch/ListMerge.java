package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.Schema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Server-side apply's merge: what is applied wins, what it does not name stays. Lists that the
 * schema calls map or set merge element by element, in {@link #mergeList}.
 */
final class ListMerge {
  private ListMerge() {}

  static JsonNode merge(Schema schema, @Nullable JsonNode live, @Nullable JsonNode applied) {
    if (applied == null) {
      return Objects.requireNonNull(live);
    }
    if (live == null) {
      return applied;
    }
    if (Element.isGranularMap(schema, applied) && live.isObject()) {
      return mergeMap(schema, live, applied);
    }
    if (applied.isArray() && live.isArray() && Element.isShared(schema)) {
      return applied.isEmpty() && live.isEmpty() ? applied : mergeList(schema, live, applied);
    }
    return applied;
  }

  private static ObjectNode mergeMap(Schema schema, JsonNode live, JsonNode applied) {
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : live.properties()) {
      merged.set(each.getKey(), each.getValue());
    }
    for (Map.Entry<String, JsonNode> each : applied.properties()) {
      String field = each.getKey();
      Schema below = Objects.requireNonNullElse(schema.field(field), Schema.ANY);
      merged.set(field, merge(below, live.get(field), each.getValue()));
    }
    return merged;
  }

  /**
   * Merges the elements that both sides have and keeps the others. The applied order wins; an
   * element that only the live list has stays before the shared element that it preceded.
   */
  static ArrayNode mergeList(Schema list, JsonNode live, JsonNode applied) {
    Map<PathElement, JsonNode> liveElements = Element.byIdentity(list, live);
    Map<PathElement, JsonNode> appliedElements = Element.byIdentity(list, applied);
    List<PathElement> left = new ArrayList<>();
    live.forEach(each -> left.add(Element.of(list, each)));
    List<PathElement> right = List.copyOf(appliedElements.keySet());
    Deque<PathElement> shared =
        new ArrayDeque<>(right.stream().filter(liveElements::containsKey).toList());
    Set<PathElement> merged = new HashSet<>();
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    int l = 0;
    int r = 0;
    while (l < left.size() || r < right.size()) {
      if (l < left.size()) {
        PathElement element = left.get(l);
        boolean isShared = appliedElements.containsKey(element);
        if (!isShared) {
          result.add(live.get(l++));
          continue;
        }
        boolean sameOnBothSides = r < right.size() && element.equals(right.get(r));
        boolean itsTurnComesLater =
            r < right.size() && !shared.isEmpty() && !element.equals(shared.peek());
        if (merged.contains(element) || (itsTurnComesLater && !sameOnBothSides)) {
          l++;
          continue;
        }
        if (sameOnBothSides) {
          l++;
        }
      }
      if (r < right.size()) {
        PathElement element = right.get(r++);
        merged.add(element);
        result.add(merge(list.element(), liveElements.get(element), appliedElements.get(element)));
        if (element.equals(shared.peek())) {
          shared.poll();
        }
      }
    }
    return result;
  }
}
