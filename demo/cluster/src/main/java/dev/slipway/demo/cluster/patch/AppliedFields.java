package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.schema.Schema;
import java.util.Map;
import java.util.Objects;

/** Names the fields that a value sets: what its applier is going to own. */
final class AppliedFields {
  private AppliedFields() {}

  static FieldSet of(Schema schema, JsonNode value) {
    FieldSet.Builder set = new FieldSet.Builder();
    collect(schema, value, set);
    return set.build();
  }

  private static void collect(Schema schema, JsonNode value, FieldSet.Builder set) {
    if (Element.isGranularMap(schema, value)) {
      collectMap(schema, value, set);
    } else if (value.isArray() && Element.isShared(schema)) {
      for (JsonNode each : value) {
        FieldSet.Builder child = set.at(Element.of(schema, each));
        collect(schema.element(), each, child);
        child.add();
      }
    } else {
      set.add();
    }
  }

  private static void collectMap(Schema schema, JsonNode value, FieldSet.Builder set) {
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      JsonNode field = each.getValue();
      FieldSet.Builder child = set.at(new PathElement.Field(each.getKey()));
      collect(Objects.requireNonNullElse(schema.field(each.getKey()), Schema.ANY), field, child);
      // An object that is a declared field is nobody's; its own fields are, unless it has none.
      if (field.isNull()
          || (field.isObject() && field.isEmpty())
          || !schema.declares(each.getKey())) {
        child.add();
      }
    }
  }
}
