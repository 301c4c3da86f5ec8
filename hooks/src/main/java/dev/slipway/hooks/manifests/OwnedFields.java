package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * Takes out of an object just those fields that a field manager has applied, by the {@code
 * fieldsV1} of its managedFields (<a
 * href="https://github.com/kubernetes-sigs/structured-merge-diff">structured-merge-diff</a>), as
 * client-go's {@code Extract…} functions do. Applied again, they bring the object back to what the
 * manager had applied before.
 */
final class OwnedFields {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private OwnedFields() {}

  /** What a manager owns by applying; empty when it never applied. */
  static ObjectNode of(JsonNode object, String manager) {
    ObjectNode all = JSON.objectNode();
    for (JsonNode entry : object.at("/metadata/managedFields")) {
      if (entry.path("manager").asText().equals(manager)
          && entry.path("operation").asText().equals("Apply")
          && entry.path("subresource").asText("").isEmpty()
          && entry.path("fieldsV1") instanceof ObjectNode fields) {
        all = union(all, fields);
      }
    }
    return all;
  }

  /** All fields that are in one of two sets. */
  static ObjectNode union(ObjectNode one, ObjectNode other) {
    ObjectNode union = one.deepCopy();
    for (Map.Entry<String, JsonNode> field : other.properties()) {
      JsonNode present = union.get(field.getKey());
      union.set(
          field.getKey(),
          present instanceof ObjectNode mine && field.getValue() instanceof ObjectNode theirs
              ? union(mine, theirs)
              : field.getValue());
    }
    return union;
  }

  /** The object with these fields only, and with what it is called by. */
  static ObjectNode extract(JsonNode object, ObjectNode fields) {
    ObjectNode extract =
        project(object, fields) instanceof ObjectNode some ? some : JSON.objectNode();
    extract.set("apiVersion", object.path("apiVersion"));
    extract.set("kind", object.path("kind"));
    ObjectNode metadata =
        extract.path("metadata") instanceof ObjectNode present
            ? present
            : extract.putObject("metadata");
    metadata.set("name", object.at("/metadata/name"));
    metadata.set("namespace", object.at("/metadata/namespace"));
    return extract;
  }

  private static JsonNode project(JsonNode value, ObjectNode fields) {
    if (fields.isEmpty()) {
      return value;
    }
    return switch (value) {
      case ObjectNode object -> object(object, fields);
      case ArrayNode list -> list(list, fields);
      default -> value;
    };
  }

  private static ObjectNode object(ObjectNode object, ObjectNode fields) {
    ObjectNode some = JSON.objectNode();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (field.getKey().startsWith("f:") && field.getValue() instanceof ObjectNode below) {
        String name = field.getKey().substring(2);
        JsonNode value = object.get(name);
        if (value != null) {
          some.set(name, project(value, below));
        }
      }
    }
    return some;
  }

  private static ArrayNode list(ArrayNode list, ObjectNode fields) {
    ArrayNode some = JSON.arrayNode();
    for (JsonNode item : list) {
      for (Map.Entry<String, JsonNode> field : fields.properties()) {
        if (field.getValue() instanceof ObjectNode below) {
          item(item, field.getKey(), below).ifPresent(some::add);
        }
      }
    }
    return some;
  }

  /** In the order of the object's own list, whatever the order of the set. */
  private static Optional<JsonNode> item(JsonNode item, String field, ObjectNode below) {
    if (field.startsWith("v:")) {
      return Optional.of(item).filter(read(field)::equals);
    }
    if (!field.startsWith("k:") || !(item instanceof ObjectNode object)) {
      return Optional.empty();
    }
    JsonNode key = read(field);
    boolean same =
        key.properties().stream()
            .allMatch(each -> each.getValue().equals(object.get(each.getKey())));
    if (!same) {
      return Optional.empty();
    }
    ObjectNode some = object(object, below);
    key.properties().forEach(each -> some.set(each.getKey(), each.getValue()));
    return Optional.of(some);
  }

  private static JsonNode read(String field) {
    try {
      return MAPPER.readTree(field.substring(2));
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
