package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Reads the special forms of values. */
final class Formats {
  private Formats() {}

  static boolean isDateTime(String value) {
    try {
      OffsetDateTime.parse(value);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** What tells an element apart from the others of its set or list-map. */
  static JsonNode identity(Schema list, JsonNode element) {
    if (list.listType() != Schema.ListType.MAP) {
      return element;
    }
    ObjectNode keys = JsonNodeFactory.instance.objectNode();
    for (String key : list.listMapKeys()) {
      if (element.has(key)) {
        keys.set(key, element.get(key));
      }
    }
    return keys;
  }
}
