package dev.slipway.demo.cluster.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * One column of a table.
 *
 * @param format {@code name} for the column that names the object, else mostly empty
 * @param priority 0 for what is always shown, 1 for {@code -o wide}
 * @param cell the value for an object at a time; a null node for nothing
 */
record Column(
    String name,
    String type,
    String format,
    String description,
    int priority,
    BiFunction<ApiObject, Instant, JsonNode> cell) {

  static final Column NAME =
      new Column(
          "Name",
          "string",
          "name",
          "Name must be unique within a namespace.",
          0,
          (object, _) -> TextNode.valueOf(object.name()));

  static final Column AGE =
      new Column(
          "Age",
          "string",
          "",
          "CreationTimestamp is a timestamp representing the server time when this object was"
              + " created.",
          0,
          (object, now) ->
              TextNode.valueOf(Cells.since(object.text("/metadata/creationTimestamp"), now)));
}
