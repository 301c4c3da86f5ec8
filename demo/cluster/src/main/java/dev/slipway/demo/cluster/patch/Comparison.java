package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.schema.Schema;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which fields differ between two states of an object. */
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {

  static Comparison of(Schema schema, JsonNode before, JsonNode after) {
    Walk walk = new Walk(new FieldSet.Builder(), new FieldSet.Builder(), new FieldSet.Builder());
    walk.compare(schema, before, after);
    return new Comparison(walk.added.build(), walk.modified.build(), walk.removed.build());
  }

  /** What is no longer, or not yet, or otherwise than it was. */
  FieldSet all() {
    return added.union(modified).union(removed);
  }

  boolean isSame() {
    return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
  }

  /** The same differences without those at or below some paths. */
  Comparison without(FieldSet ignored) {
    return new Comparison(
        added.without(ignored), modified.without(ignored), removed.without(ignored));
  }

  private record Walk(FieldSet.Builder added, FieldSet.Builder modified, FieldSet.Builder removed) {
    Walk at(PathElement element) {
      return new Walk(added.at(element), modified.at(element), removed.at(element));
    }

    void compare(Schema schema, @Nullable JsonNode before, @Nullable JsonNode after) {
      boolean wasMap = Element.isGranularMap(schema, before) && !isEmpty(before);
      boolean isMap = Element.isGranularMap(schema, after) && !isEmpty(after);
      boolean wasList = isSharedList(schema, before) && !isEmpty(before);
      boolean isList = isSharedList(schema, after) && !isEmpty(after);
      if (wasMap || isMap) {
        compareMap(schema, wasMap ? before : null, isMap ? after : null);
      }
      if (wasList || isList) {
        compareList(schema, wasList ? before : null, isList ? after : null);
      }
      if (before == null) {
        added.add();
      } else if (after == null) {
        removed.add();
      } else if (!wasMap && !isMap && !wasList && !isList && !Same.value(before, after)) {
        modified.add();
      }
    }

    private void compareMap(Schema schema, @Nullable JsonNode before, @Nullable JsonNode after) {
      Set<String> fields = new LinkedHashSet<>();
      for (JsonNode side : new JsonNode[] {before, after}) {
        if (side != null) {
          side.properties().stream().map(Map.Entry::getKey).forEach(fields::add);
        }
      }
      for (String field : fields) {
        Schema below = Objects.requireNonNullElse(schema.field(field), Schema.ANY);
        at(new PathElement.Field(field))
            .compare(
                below,
                before == null ? null : before.get(field),
                after == null ? null : after.get(field));
      }
    }

    private void compareList(Schema list, @Nullable JsonNode before, @Nullable JsonNode after) {
      Map<PathElement, JsonNode> old = Element.byIdentity(list, before);
      Map<PathElement, JsonNode> current = Element.byIdentity(list, after);
      Set<PathElement> elements = new LinkedHashSet<>(old.keySet());
      elements.addAll(current.keySet());
      for (PathElement element : elements) {
        at(element).compare(list.element(), old.get(element), current.get(element));
      }
    }

    private static boolean isSharedList(Schema schema, @Nullable JsonNode value) {
      return value != null && value.isArray() && Element.isShared(schema);
    }

    private static boolean isEmpty(@Nullable JsonNode value) {
      return value == null || value.isEmpty();
    }
  }
}
