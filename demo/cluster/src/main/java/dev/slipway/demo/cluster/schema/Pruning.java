package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An object without the fields that its kind does not have.
 *
 * @param unknown a sentence for each of them: {@code unknown field "spec.frobnicate"}
 */
public record Pruning(ObjectNode object, List<String> unknown) {
  public Pruning {
    unknown = List.copyOf(unknown);
  }

  /** Removes what the schema does not declare; integers that were written as 2.0 become 2. */
  public static Pruning of(Schema schema, ObjectNode object) {
    SortedSet<String> unknown = new TreeSet<>();
    ObjectNode pruned = (ObjectNode) prune(schema, object, "", unknown);
    return new Pruning(
        pruned, unknown.stream().map(path -> "unknown field \"" + path + "\"").toList());
  }

  private static JsonNode prune(
      Schema schema, JsonNode value, String path, SortedSet<String> unknown) {
    return switch (value) {
      case ObjectNode object -> pruneObject(schema, object, path, unknown);
      case ArrayNode list -> {
        ArrayNode pruned = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < list.size(); i++) {
          pruned.add(prune(schema.element(), list.get(i), path + "[" + i + "]", unknown));
        }
        yield pruned;
      }
      default ->
          schema.type().equals("integer") && isWhole(value)
              ? JsonNodeFactory.instance.numberNode(value.longValue())
              : value;
    };
  }

  private static boolean isWhole(JsonNode value) {
    return value.isFloatingPointNumber() && value.canConvertToExactIntegral();
  }

  private static ObjectNode pruneObject(
      Schema schema, ObjectNode object, String path, SortedSet<String> unknown) {
    ObjectNode pruned = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      String name = each.getKey();
      String at = path.isEmpty() ? name : path + "." + name;
      Schema field = schema.field(name);
      if (field == null && schema.embeddedResource()) {
        field = embedded(name);
      }
      if (field != null) {
        pruned.set(name, prune(field, each.getValue(), at, unknown));
      } else if (!schema.type().equals("object") && !schema.type().isEmpty()) {
        // Not an object at all: for validation to say.
        pruned.set(name, each.getValue());
      } else {
        unknown.add(at);
      }
    }
    return pruned;
  }

  private static @Nullable Schema embedded(String field) {
    return switch (field) {
      case "apiVersion", "kind" -> Schema.ANY;
      case "metadata" -> BuiltInSchemas.objectMeta();
      default -> null;
    };
  }
}
