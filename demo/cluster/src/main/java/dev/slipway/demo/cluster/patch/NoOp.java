package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Recognizes writes that change nothing. */
final class NoOp {
  private NoOp() {}

  /** Whether two states differ in nothing but the times at which owners wrote. */
  static boolean isSame(ObjectNode stored, ObjectNode written) {
    return Same.value(timeless(stored), timeless(written));
  }

  private static ObjectNode timeless(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    for (JsonNode each : copy.path("metadata").path("managedFields")) {
      ((ObjectNode) each).remove("time");
    }
    return copy;
  }
}
