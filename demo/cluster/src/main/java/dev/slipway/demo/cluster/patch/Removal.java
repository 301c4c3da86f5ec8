package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.Schema;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes fields out of an object, together with lists and maps that they leave empty. */
final class Removal {
  private Removal() {}

  static ObjectNode of(Schema schema, ObjectNode object, FieldSet fields) {
    JsonNode left = remove(schema, object, fields);
    return left instanceof ObjectNode some ? some : JsonNodeFactory.instance.objectNode();
  }

  private static @Nullable JsonNode remove(Schema schema, JsonNode value, FieldSet fields) {
    if (value.isEmpty()) {
      return value.isContainerNode() ? null : value;
    }
    if (Element.isGranularMap(schema, value)) {
      return removeFields(schema, value, fields);
    }
    return value.isArray() && Element.isShared(schema)
        ? removeElements(schema, value, fields)
        : value;
  }

  private static @Nullable JsonNode removeFields(Schema schema, JsonNode value, FieldSet fields) {
    ObjectNode left = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      FieldSet below = fields.at(new PathElement.Field(each.getKey()));
      if (below.member()) {
        continue;
      }
      Schema child = Objects.requireNonNullElse(schema.field(each.getKey()), Schema.ANY);
      keep(
          left,
          each.getKey(),
          below.isEmpty() ? each.getValue() : remove(child, each.getValue(), below));
    }
    return left.isEmpty() ? null : left;
  }

  private static void keep(ObjectNode object, String field, @Nullable JsonNode value) {
    if (value != null) {
      object.set(field, value);
    }
  }

  private static @Nullable JsonNode removeElements(Schema list, JsonNode value, FieldSet fields) {
    ArrayNode left = JsonNodeFactory.instance.arrayNode();
    for (JsonNode each : value) {
      FieldSet below = fields.at(Element.of(list, each));
      if (!below.member()) {
        JsonNode rest = below.isEmpty() ? each : remove(list.element(), each, below);
        left.add(rest == null ? JsonNodeFactory.instance.objectNode() : rest);
      }
    }
    return left.isEmpty() ? null : left;
  }
}
