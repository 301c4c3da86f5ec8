package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A kind that a CustomResourceDefinition defines. */
record CustomKind(String group, String version, String kind, Schema schema) implements Kind {

  static CustomKind of(ObjectNode definition, String version) {
    String group = definition.at("/spec/group").asText();
    String kind = definition.at("/spec/names/kind").asText();
    return new CustomKind(group, version, kind, Schema.ANY);
  }

  @Override
  public boolean hasStatusSubresource() {
    return true;
  }

  @Override
  public boolean hasStrategicMerge() {
    return false;
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
