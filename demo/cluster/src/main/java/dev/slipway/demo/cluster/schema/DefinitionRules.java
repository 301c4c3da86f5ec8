package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the server refuses in a CustomResourceDefinition: names and unstructural schemas. */
final class DefinitionRules {
  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "integer", "number", "boolean");

  private final List<FieldError> errors = new ArrayList<>();

  private DefinitionRules() {}

  static List<FieldError> validate(ObjectNode definition) {
    DefinitionRules rules = new DefinitionRules();
    JsonNode spec = definition.path("spec");
    String name = definition.at("/metadata/name").asText();
    if (!name.equals(spec.at("/names/plural").asText() + "." + spec.path("group").asText())) {
      rules.errors.add(
          FieldError.invalid(
              "metadata.name", '"' + name + '"', "must be spec.names.plural+\".\"+spec.group"));
    }
    rules.versions(spec.path("versions"));
    return rules.errors;
  }

  private void versions(JsonNode versions) {
    long storing = versions.valueStream().filter(each -> each.path("storage").asBoolean()).count();
    if (storing != 1) {
      errors.add(
          FieldError.invalid(
              "spec.versions",
              versions.toString(),
              "must have exactly one version marked as storage version"));
    }
    for (int i = 0; i < versions.size(); i++) {
      // With one version the real server reports it under the name of the old single schema.
      String path =
          versions.size() == 1
              ? "spec.validation.openAPIV3Schema"
              : "spec.versions[" + i + "].schema.openAPIV3Schema";
      JsonNode schema = versions.get(i).at("/schema/openAPIV3Schema");
      if (schema.isMissingNode()) {
        errors.add(
            FieldError.required(
                "spec.versions[" + i + "].schema.openAPIV3Schema", "schemas are required"));
      } else {
        structural(schema, path);
      }
    }
  }

  private void structural(JsonNode schema, String path) {
    String type = schema.path("type").asText();
    boolean anything =
        schema.path("x-kubernetes-int-or-string").asBoolean()
            || schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    if (type.isEmpty() && !anything) {
      String where = path.endsWith(".items") ? "array items" : "object fields";
      errors.add(
          FieldError.required(
              path + ".type",
              path.endsWith("openAPIV3Schema")
                  ? "must not be empty at the root"
                  : "must not be empty for specified " + where));
    } else if (!type.isEmpty() && !TYPES.contains(type)) {
      errors.add(
          FieldError.unsupported(
              path + ".type", '"' + type + '"', TYPES.stream().sorted().toList()));
    }
    if (type.equals("array") && !schema.has("items")) {
      errors.add(FieldError.required(path + ".items", "must be specified"));
    }
    listMap(schema, path);
    rules(schema.path("x-kubernetes-validations"), path + ".x-kubernetes-validations");
    for (Map.Entry<String, JsonNode> each : schema.path("properties").properties()) {
      structural(each.getValue(), path + ".properties[" + each.getKey() + "]");
    }
    if (schema.has("items")) {
      structural(schema.get("items"), path + ".items");
    }
    if (schema.path("additionalProperties").isObject()) {
      if (schema.has("properties")) {
        errors.add(
            FieldError.forbidden(
                path + ".additionalProperties",
                "additionalProperties and properties are mutual exclusive"));
      }
      structural(schema.get("additionalProperties"), path + ".additionalProperties");
    }
  }

  private void rules(JsonNode rules, String path) {
    for (int i = 0; i < rules.size(); i++) {
      String rule = rules.get(i).path("rule").asText();
      try {
        CelExpression.of(rule);
      } catch (CelExpression.Failed e) {
        String field = path + "[" + i + "].rule";
        errors.add(FieldError.invalid(field, '"' + rule + '"', String.valueOf(e.getMessage())));
      }
    }
  }

  /** A key of a list-map must be required or have a default, so that every element has it. */
  private void listMap(JsonNode schema, String path) {
    if (!schema.path("x-kubernetes-list-type").asText().equals("map")) {
      return;
    }
    JsonNode items = schema.path("items");
    Set<String> required = new HashSet<>();
    items.path("required").forEach(each -> required.add(each.asText()));
    if (schema.path("x-kubernetes-list-map-keys").isEmpty()) {
      errors.add(
          FieldError.required(
              path + ".x-kubernetes-list-map-keys",
              "must not be empty if x-kubernetes-list-type is map"));
    }
    for (JsonNode key : schema.path("x-kubernetes-list-map-keys")) {
      String property = path + ".items.properties[" + key.asText() + "]";
      JsonNode field = items.path("properties").path(key.asText());
      if (!required.contains(key.asText()) && !field.has("default")) {
        errors.add(
            FieldError.required(
                property + ".default",
                "this property is in x-kubernetes-list-map-keys, so it must have a default or be a"
                    + " required property"));
      }
    }
  }
}
