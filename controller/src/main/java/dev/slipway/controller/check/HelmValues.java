package dev.slipway.controller.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of a chart as Gitkube's users wrote them for {@code helm --set}: names are paths
 * ({@code image.tag}, {@code hosts[0]}, {@code annotations.example\.org/a}), and the texts true,
 * false, null and whole numbers are meant as such. Everything else is the value verbatim: no commas
 * or braces are read into it.
 */
final class HelmValues {
  /** More than any chart has; a list as long as its highest index is made. */
  private static final int MAX_INDEX = 255;

  private static final Pattern INDEX = Pattern.compile("(.*?)((?:\\[\\d{1,3}])*)");
  private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ObjectNode root = JSON.objectNode();

  /** Says why values cannot be read. */
  static final class InvalidValuesException extends Exception {
    InvalidValuesException(String message) {
      super(message);
    }
  }

  private HelmValues() {}

  /** One object as in a values file. */
  static ObjectNode read(@Nullable JsonNode written) throws InvalidValuesException {
    var values = new HelmValues();
    switch (written) {
      case null -> {}
      case ArrayNode list -> {
        for (JsonNode item : list) {
          values.add(item);
        }
      }
      case ObjectNode one -> {
        if (!one.isEmpty()) {
          values.add(one);
        }
      }
      default -> throw new InvalidValuesException("is no list of name and value");
    }
    return values.root;
  }

  private void add(JsonNode item) throws InvalidValuesException {
    String name = item.path("name").asText("");
    if (name.isBlank()) {
      throw new InvalidValuesException("has an item without a name");
    }
    List<Object> path = path(name.strip());
    put(root, path, typed(item.path("value")), name);
  }

  /** Texts for keys and integers for places in lists. */
  private static List<Object> path(String name) throws InvalidValuesException {
    List<Object> path = new ArrayList<>();
    for (String part : name.split("(?<!\\\\)\\.", -1)) {
      Matcher matcher = INDEX.matcher(part);
      if (!matcher.matches() || matcher.group(1).isEmpty()) {
        throw new InvalidValuesException("has the name \"%s\", which is no path".formatted(name));
      }
      path.add(matcher.group(1).replace("\\.", "."));
      for (String index : matcher.group(2).split("[\\[\\]]+", -1)) {
        if (!index.isEmpty()) {
          path.add(Math.min(Integer.parseInt(index), MAX_INDEX));
        }
      }
    }
    return path;
  }

  private static void put(JsonNode into, List<Object> path, JsonNode value, String name)
      throws InvalidValuesException {
    Object step = path.getFirst();
    if (path.size() == 1) {
      set(into, step, value);
      return;
    }
    JsonNode next =
        switch (step) {
          case Integer index -> into.path(index);
          default -> into.path(step.toString());
        };
    boolean wantsList = path.get(1) instanceof Integer;
    if (next.isMissingNode() || next.isNull()) {
      next = wantsList ? JSON.arrayNode() : JSON.objectNode();
      set(into, step, next);
    }
    if (wantsList != next.isArray() || next.isValueNode()) {
      throw new InvalidValuesException(
          "has the name \"%s\", which contradicts one before it".formatted(name));
    }
    put(next, path.subList(1, path.size()), value, name);
  }

  private static void set(JsonNode into, Object step, JsonNode value) {
    switch (into) {
      case ArrayNode list -> {
        int index = (Integer) step;
        while (list.size() <= index) {
          list.addNull();
        }
        list.set(index, value);
      }
      case ObjectNode object -> object.set(step.toString(), value);
      default -> throw new IllegalArgumentException(into.getNodeType().name());
    }
  }

  /** As {@code --set} does, so that {@code "false"} is not a true value in a template. */
  private static JsonNode typed(JsonNode value) {
    if (value.isMissingNode()) {
      return JSON.textNode("");
    }
    if (!value.isTextual()) {
      return value;
    }
    String text = value.textValue();
    Optional<JsonNode> number =
        NUMBER.matcher(text).matches()
            ? Optional.of(JSON.numberNode(Long.parseLong(text)))
            : Optional.empty();
    return switch (text) {
      case "true" -> JSON.booleanNode(true);
      case "false" -> JSON.booleanNode(false);
      case "null" -> JSON.nullNode();
      default -> number.orElse(value);
    };
  }
}
