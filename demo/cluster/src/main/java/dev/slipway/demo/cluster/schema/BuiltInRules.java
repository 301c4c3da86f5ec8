package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What the server refuses in objects of built-in kinds. */
final class BuiltInRules {
  private BuiltInRules() {}

  static List<FieldError> create(BuiltInKind kind, ObjectNode object) {
    return List.of();
  }

  static List<FieldError> update(
      BuiltInKind kind, ObjectNode stored, ObjectNode object, String subresource) {
    return List.of();
  }
}
