package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One step of a path to a field, as {@code fieldsV1} writes it. */
sealed interface PathElement extends Comparable<PathElement> {
  ObjectMapper JSON = new ObjectMapper();

  /** A field of an object or a key of a map. */
  record Field(String name) implements PathElement {
    @Override
    public String encoded() {
      return "f:" + name;
    }

    @Override
    public String toString() {
      return "." + name;
    }
  }

  /** The element of a list-map that has these values in its key fields. */
  record Keys(SortedMap<String, JsonNode> values) implements PathElement {
    @Override
    public String encoded() {
      ObjectNode keys = JSON.createObjectNode();
      values.forEach(keys::set);
      return "k:" + keys;
    }

    @Override
    public String toString() {
      return values.entrySet().stream()
          .map(each -> each.getKey() + "=" + each.getValue())
          .collect(Collectors.joining(",", "[", "]"));
    }
  }

  /** The element of a set. */
  record Value(JsonNode value) implements PathElement {
    @Override
    public String encoded() {
      return "v:" + value;
    }

    @Override
    public String toString() {
      return "[=" + value + "]";
    }
  }

  /** The element at a position. */
  record Index(int position) implements PathElement {
    @Override
    public String encoded() {
      return "i:" + position;
    }

    @Override
    public String toString() {
      return "[" + position + "]";
    }
  }

  String encoded();

  @Override
  default int compareTo(PathElement other) {
    return this instanceof Field(String name) && other instanceof Field(String otherName)
        ? name.compareTo(otherName)
        : encoded().compareTo(other.encoded());
  }

  /**
   * Reads a key of {@code fieldsV1}.
   *
   * @throws IllegalArgumentException when it is none
   */
  static PathElement parse(String encoded) {
    String rest = encoded.substring(Math.min(2, encoded.length()));
    try {
      return switch (encoded.substring(0, Math.min(2, encoded.length()))) {
        case "f:" -> new Field(rest);
        case "v:" -> new Value(JSON.readTree(rest));
        case "i:" -> new Index(Integer.parseInt(rest));
        case "k:" -> {
          SortedMap<String, JsonNode> values = new TreeMap<>();
          for (Map.Entry<String, JsonNode> each : JSON.readTree(rest).properties()) {
            values.put(each.getKey(), each.getValue());
          }
          yield new Keys(values);
        }
        default -> throw new IllegalArgumentException("not a path element: " + encoded);
      };
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a path element: " + encoded, e);
    }
  }
}
