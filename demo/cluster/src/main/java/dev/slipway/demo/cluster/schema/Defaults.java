package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills gaps in an object with the defaults of its schema. */
final class Defaults {
  private Defaults() {}

  /**
   * Fills in defaults wherever the parent exists. A null where the schema does not allow one is
   * replaced by the default, or dropped when there is none.
   */
  static ObjectNode apply(Schema schema, ObjectNode object) {
    return (ObjectNode) fill(schema, object);
  }

  private static JsonNode fill(Schema schema, JsonNode value) {
    return switch (value) {
      case ObjectNode object -> fillObject(schema, object);
      case ArrayNode list -> {
        ArrayNode filled = JsonNodeFactory.instance.arrayNode();
        list.forEach(each -> filled.add(fill(schema.element(), each)));
        yield filled;
      }
      default -> value;
    };
  }

  private static ObjectNode fillObject(Schema schema, ObjectNode object) {
    ObjectNode filled = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      Schema field = schema.field(each.getKey());
      boolean isLeftOut =
          field != null
              && (isStray(field, each.getValue())
                  || (schema.isGoType() && isEmptyCollection(field, each.getValue())));
      if (!isLeftOut) {
        filled.set(each.getKey(), field == null ? each.getValue() : fill(field, each.getValue()));
      }
    }
    schema
        .properties()
        .forEach(
            (name, field) -> {
              @Nullable JsonNode fallback = field.defaultValue();
              if (fallback != null && !filled.has(name)) {
                filled.set(name, fill(field, fallback.deepCopy()));
              }
            });
    return filled;
  }

  private static boolean isEmptyCollection(Schema schema, JsonNode value) {
    boolean isCollection = value.isArray() || (value.isObject() && schema.additional() != null);
    return isCollection && value.isEmpty() && schema.defaultValue() == null;
  }

  private static boolean isStray(Schema schema, JsonNode value) {
    return value.isNull() && !schema.nullable() && !schema.isAnything();
  }
}
