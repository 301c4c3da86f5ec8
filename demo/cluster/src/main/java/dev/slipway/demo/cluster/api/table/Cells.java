package dev.slipway.demo.cluster.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The values of cells that several kinds share. */
final class Cells {
  static final String NONE = "<none>";

  private Cells() {}

  /** How long ago a timestamp was; {@code <unknown>} without one. */
  static String since(String timestamp, Instant now) {
    try {
      return HumanDuration.of(Duration.between(Instant.parse(timestamp), now));
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
  }

  static String orNone(String text) {
    return text.isEmpty() ? NONE : text;
  }

  static int number(ApiObject object, String pointer) {
    return object.at(pointer).asInt(0);
  }

  /** Names of containers, or another field of theirs, joined by commas. */
  static String containers(ApiObject object, String podSpec, String field) {
    return joined(object.at(podSpec + "/containers"), field);
  }

  static String joined(JsonNode items, String field) {
    return StreamSupport.stream(items.spliterator(), false)
        .map(item -> item.path(field).asText())
        .collect(Collectors.joining(","));
  }

  static String joined(JsonNode texts) {
    return StreamSupport.stream(texts.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(","));
  }

  /** A map of labels as a selector: {@code a=b,c=d}. */
  static String selector(JsonNode labels) {
    return orNone(
        labels.properties().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().asText())
            .collect(Collectors.joining(",")));
  }

  /** Status of the first condition of a type; empty when there is none. */
  static String condition(ApiObject object, String type) {
    return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
        .filter(condition -> condition.path("type").asText().equals(type))
        .map(condition -> condition.path("status").asText())
        .findFirst()
        .orElse("");
  }
}
