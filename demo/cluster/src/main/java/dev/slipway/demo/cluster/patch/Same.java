package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;

/** Says whether two values mean the same: numbers by their value, objects in any order. */
public final class Same {
  private Same() {}

  public static boolean value(JsonNode one, JsonNode other) {
    return one.equals(Same::compare, other);
  }

  private static int compare(JsonNode one, JsonNode other) {
    if (one.equals(other)) {
      return 0;
    }
    return one.isNumber()
            && other.isNumber()
            && one.decimalValue().compareTo(other.decimalValue()) == 0
        ? 0
        : 1;
  }
}
