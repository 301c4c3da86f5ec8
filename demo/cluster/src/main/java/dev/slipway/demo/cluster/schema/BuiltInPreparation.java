package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the server itself adds to objects of built-in kinds. */
final class BuiltInPreparation {
  private BuiltInPreparation() {}

  static ObjectNode create(BuiltInKind kind, ObjectNode object) {
    return object.deepCopy();
  }

  static ObjectNode update(BuiltInKind kind, ObjectNode stored, ObjectNode object) {
    return object;
  }
}
