package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** A kind that Kubernetes itself defines. */
record BuiltInKind(String group, String version, String kind, Schema schema) implements Kind {

  static Optional<BuiltInKind> find(String group, String version, String kind) {
    return Optional.of(new BuiltInKind(group, version, kind, Schema.ANY));
  }

  @Override
  public boolean hasStatusSubresource() {
    return true;
  }

  @Override
  public boolean hasStrategicMerge() {
    return true;
  }

  @Override
  public ObjectNode withDefaults(ObjectNode object) {
    return object;
  }

  @Override
  public ObjectNode prepareCreate(ObjectNode object) {
    return object;
  }

  @Override
  public ObjectNode prepareUpdate(ObjectNode stored, ObjectNode submitted, String subresource) {
    return submitted;
  }

  @Override
  public List<FieldError> validateCreate(ObjectNode object) {
    return List.of();
  }

  @Override
  public List<FieldError> validateUpdate(ObjectNode stored, ObjectNode object, String subresource) {
    return List.of();
  }
}
