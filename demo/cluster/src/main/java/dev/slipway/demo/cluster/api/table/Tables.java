package dev.slipway.demo.cluster.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.types.ResourceType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** Makes {@code meta.k8s.io/v1} Tables, the columns of which come from the type. */
public record Tables(InstantSource clock) {
  /**
   * A table of objects.
   *
   * @param includeObject what a row carries beside its cells: {@code None}, {@code Object}, else
   *     the metadata
   * @param withColumns false in the later events of a watch, which do not repeat the columns
   */
  public ObjectNode of(
      ResourceType type,
      List<ApiObject> objects,
      ObjectNode metadata,
      String includeObject,
      boolean withColumns) {
    var columns = columns(type);
    var table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", metadata);
    if (withColumns) {
      var definitions = table.putArray("columnDefinitions");
      columns.forEach(column -> definitions.add(definition(column)));
    } else {
      table.putNull("columnDefinitions");
    }
    var rows = table.putArray("rows");
    var now = clock.instant();
    for (var object : objects) {
      var row = rows.addObject();
      var cells = row.putArray("cells");
      columns.forEach(column -> cells.add(column.cell().apply(object, now)));
      row.set(
          "object",
          switch (includeObject) {
            case "None" -> NullNode.instance;
            case "Object" -> object.json();
            default -> partial(object);
          });
    }
    return table;
  }

  /** An object's metadata alone. */
  public static ObjectNode partial(ApiObject object) {
    var partial =
        Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.json().path("metadata"));
    return partial;
  }

  private static ObjectNode definition(Column column) {
    return Json.object()
        .put("name", column.name())
        .put("type", column.type())
        .put("format", column.format())
        .put("description", column.description())
        .put("priority", column.priority());
  }

  private static List<Column> columns(ResourceType type) {
    return type.custom()
        .map(
            custom ->
                custom.columns().isEmpty()
                    ? List.of(Column.NAME, Column.AGE)
                    : Stream.concat(
                            Stream.of(Column.NAME), custom.columns().stream().map(Tables::custom))
                        .toList())
        .orElseGet(() -> BuiltInColumns.of(type.kind()));
  }

  private static Column custom(ResourceType.Column column) {
    var description =
        column.description().isEmpty()
            ? "Custom resource definition column (in JSONPath format): " + column.jsonPath()
            : column.description();
    return new Column(
        column.name(),
        column.type(),
        column.format(),
        description,
        column.priority(),
        (object, now) ->
            JsonPath.first(object.json(), column.jsonPath())
                .map(value -> cell(value, column, now))
                .orElse(NullNode.instance));
  }

  private static JsonNode cell(JsonNode value, ResourceType.Column column, Instant now) {
    return switch (column.type()) {
      case "date" -> TextNode.valueOf(Cells.since(value.asText(), now));
      case "string" ->
          TextNode.valueOf(value.isContainerNode() ? value.toString() : value.asText());
      default -> value;
    };
  }
}
