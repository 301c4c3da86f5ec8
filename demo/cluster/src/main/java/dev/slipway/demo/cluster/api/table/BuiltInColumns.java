package dev.slipway.demo.cluster.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.schema.BundledYaml;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which columns kubectl shows for the built-in kinds, read from {@code columns.yaml}. */
final class BuiltInColumns {
  private static final Map<String, List<Column>> COLUMNS = read();

  private BuiltInColumns() {}

  static List<Column> of(String kind) {
    return COLUMNS.getOrDefault(kind, List.of(Column.NAME, Column.AGE));
  }

  private static Map<String, List<Column>> read() {
    var columns = new HashMap<String, List<Column>>();
    BundledYaml.read(BuiltInColumns.class, "columns.yaml")
        .properties()
        .forEach(
            row -> {
              var shown = row.getValue().valueStream().map(BuiltInColumns::column).toList();
              for (var kind : row.getKey().split(" ", -1)) {
                columns.put(kind, shown);
              }
            });
    return columns;
  }

  private static Column column(JsonNode described) {
    return switch (described.asText()) {
      case "Name" -> Column.NAME;
      case "Age" -> Column.AGE;
      default ->
          new Column(
              described.path("name").asText(),
              described.path("type").asText(described.has("number") ? "integer" : "string"),
              described.path("format").asText(),
              described.path("name").asText(),
              described.path("wide").asBoolean() ? 1 : 0,
              cell(described));
    };
  }

  private static BiFunction<ApiObject, Instant, JsonNode> cell(JsonNode column) {
    if (column.has("number")) {
      return (object, _) -> IntNode.valueOf(Cells.number(object, column.path("number").asText()));
    }
    if (column.has("size")) {
      var size = column.path("size");
      var paths = size.isArray() ? size.valueStream().toList() : List.of(size);
      return (object, _) ->
          IntNode.valueOf(
              paths.stream().flatMap(path -> values(object, path)).mapToInt(JsonNode::size).sum());
    }
    var otherwise = column.path("or").asText();
    var text = text(column);
    return (object, now) -> {
      var shown = text.apply(object, now);
      return TextNode.valueOf(shown.isEmpty() ? otherwise : shown);
    };
  }

  private static BiFunction<ApiObject, Instant, String> text(JsonNode column) {
    if (column.has("text")) {
      return (object, _) ->
          values(object, column.path("text"))
              .map(JsonNode::asText)
              .collect(Collectors.joining(","));
    }
    if (column.has("labels")) {
      return (object, _) -> Cells.labels(values(object, column.path("labels")).toList());
    }
    if (column.has("since")) {
      return (object, now) ->
          values(object, column.path("since"))
              .map(time -> Cells.since(time.asText(), now))
              .collect(Collectors.joining());
    }
    return Cells.named(column.path("cell").asText());
  }

  private static Stream<JsonNode> values(ApiObject object, JsonNode path) {
    return JsonPath.all(object.json(), path.asText());
  }
}
