package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The defaults of built-in kinds: the table's, and those that depend on other fields. */
final class BuiltInDefaults {
  private BuiltInDefaults() {}

  static ObjectNode apply(String kind, Schema schema, ObjectNode object) {
    return Defaults.apply(schema, object);
  }
}
