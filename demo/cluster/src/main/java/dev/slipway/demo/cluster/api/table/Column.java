package dev.slipway.demo.cluster.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;

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

  static Column ofName() {
    return new Column(
        "Name",
        "string",
        "name",
        "Name must be unique within a namespace.",
        0,
        (object, _) -> TextNode.valueOf(object.name()));
  }

  static Column ofAge() {
    return new Column(
        "Age",
        "string",
        "",
        "CreationTimestamp is a timestamp representing the server time when this object was"
            + " created.",
        0,
        (object, now) ->
            TextNode.valueOf(Cells.since(object.text("/metadata/creationTimestamp"), now)));
  }

  static Column text(String name, Function<ApiObject, String> value) {
    return new Column(
        name, "string", "", name, 0, (object, _) -> TextNode.valueOf(value.apply(object)));
  }

  static Column number(String name, Function<ApiObject, Integer> value) {
    return new Column(
        name, "integer", "", name, 0, (object, _) -> IntNode.valueOf(value.apply(object)));
  }

  /** A number that the real server declares as text. */
  static Column count(String name, Function<ApiObject, Integer> value) {
    return new Column(
        name, "string", "", name, 0, (object, _) -> IntNode.valueOf(value.apply(object)));
  }

  static Column timed(String name, BiFunction<ApiObject, Instant, String> value) {
    return new Column(
        name, "string", "", name, 0, (object, now) -> TextNode.valueOf(value.apply(object, now)));
  }

  Column wide() {
    return new Column(name, type, format, description, 1, cell);
  }
}
