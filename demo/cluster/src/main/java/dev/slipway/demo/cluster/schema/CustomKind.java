package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A kind that a CustomResourceDefinition defines. */
record CustomKind(
    String group, String version, String kind, Schema schema, boolean hasStatusSubresource)
    implements Kind {

  static CustomKind of(ObjectNode definition, String version) {
    String group = definition.at("/spec/group").asText();
    String kind = definition.at("/spec/names/kind").asText();
    for (JsonNode each : definition.at("/spec/versions")) {
      if (each.path("name").asText().equals(version)) {
        Schema schema =
            BuiltInSchemas.withTypeAndMeta(
                Schema.parse(each.at("/schema/openAPIV3Schema"))
                    .named(componentName(group, version, kind)));
        return new CustomKind(
            group, version, kind, schema, each.path("subresources").has("status"));
      }
    }
    throw new IllegalArgumentException(kind + "." + group + " has no version " + version);
  }

  private static String componentName(String group, String version, String kind) {
    List<String> parts = new ArrayList<>(List.of(group.split("\\.", -1)));
    return String.join(".", parts.reversed()) + "." + version + "." + kind;
  }

  @Override
  public boolean hasStrategicMerge() {
    return false;
  }

  @Override
  public Pruning read(ObjectNode body) {
    return Pruning.of(schema, body);
  }

  @Override
  public ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Override
  public ObjectNode withDefaults(ObjectNode object) {
    return Defaults.apply(schema, object);
  }

  @Override
  public ObjectNode prepareCreate(ObjectNode object) {
    ObjectNode prepared = object.deepCopy();
    if (hasStatusSubresource) {
      prepared.remove("status");
    }
    prepared.withObjectProperty("metadata").put("generation", 1);
    return prepared;
  }

  @Override
  public ObjectNode prepareUpdate(ObjectNode stored, ObjectNode submitted, String subresource) {
    if (subresource.equals("status")) {
      ObjectNode prepared = stored.deepCopy();
      replace(prepared, "status", submitted.get("status"));
      JsonNode owners = submitted.path("metadata").get("managedFields");
      replace(prepared.withObjectProperty("metadata"), "managedFields", owners);
      return prepared;
    }
    ObjectNode prepared = MetadataRules.keepServerFields(stored, submitted);
    if (hasStatusSubresource) {
      replace(prepared, "status", stored.get("status"));
    }
    if (!contents(stored).equals(contents(prepared))) {
      long generation = stored.path("metadata").path("generation").asLong();
      prepared.withObjectProperty("metadata").put("generation", generation + 1);
    }
    return prepared;
  }

  /** What counts for the generation. */
  private ObjectNode contents(ObjectNode object) {
    return object
        .deepCopy()
        .remove(hasStatusSubresource ? Set.of("metadata", "status") : Set.of("metadata"));
  }

  private static void replace(ObjectNode object, String field, @Nullable JsonNode value) {
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
  }

  @Override
  public List<FieldError> validateCreate(ObjectNode object) {
    List<FieldError> errors = new ArrayList<>(MetadataRules.validate(object, Names.Rule.SUBDOMAIN));
    errors.addAll(CustomRules.validate(schema, object, null, errors));
    return errors;
  }

  @Override
  public List<FieldError> validateUpdate(ObjectNode stored, ObjectNode object, String subresource) {
    List<FieldError> errors = new ArrayList<>(MetadataRules.validate(object, Names.Rule.SUBDOMAIN));
    errors.addAll(MetadataRules.finalizers(stored, object));
    errors.addAll(CustomRules.validate(schema, object, stored, errors));
    return errors;
  }
}
