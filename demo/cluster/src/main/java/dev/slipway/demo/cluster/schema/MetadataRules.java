package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What holds for the metadata of every object. */
final class MetadataRules {
  private static final List<String> KEPT =
      List.of(
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "generation",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink");

  private MetadataRules() {}

  /** The submitted object with the metadata that only the server writes taken from the stored. */
  static ObjectNode keepServerFields(ObjectNode stored, ObjectNode submitted) {
    ObjectNode kept = submitted.deepCopy();
    ObjectNode metadata = kept.withObjectProperty("metadata");
    for (String field : KEPT) {
      JsonNode value = stored.path("metadata").get(field);
      if (value != null) {
        metadata.set(field, value);
      } else if (!field.equals("name") && !field.equals("namespace")) {
        metadata.remove(field);
      }
    }
    return kept;
  }

  /** Findings for the metadata of a new object, in the order of the real server. */
  static List<FieldError> validate(ObjectNode object, Names.Rule rule) {
    List<FieldError> errors = new ArrayList<>();
    JsonNode metadata = object.path("metadata");
    String name = metadata.path("name").asText();
    if (name.isEmpty() && metadata.path("generateName").asText().isEmpty()) {
      errors.add(FieldError.required("metadata.name", "name or generateName is required"));
    } else if (!name.isEmpty()) {
      rule.check(name)
          .forEach(
              problem ->
                  errors.add(FieldError.invalid("metadata.name", '"' + name + '"', problem)));
    }
    errors.addAll(Names.labels(metadata.path("labels"), "metadata.labels"));
    errors.addAll(Names.annotations(metadata.path("annotations"), "metadata.annotations"));
    errors.addAll(ownerReferences(metadata.path("ownerReferences")));
    return errors;
  }

  private static List<FieldError> ownerReferences(JsonNode references) {
    List<FieldError> errors = new ArrayList<>();
    List<String> controllers = new ArrayList<>();
    for (JsonNode each : references) {
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (each.path(field).asText().isEmpty()) {
          String what = field.equals("apiVersion") ? "version " : "";
          errors.add(
              FieldError.invalid(
                  "metadata.ownerReferences." + field, "\"\"", what + "must not be empty"));
        }
      }
      if (each.path("controller").asBoolean()) {
        controllers.add(each.path("kind").asText() + "/" + each.path("name").asText());
      }
    }
    if (controllers.size() > 1) {
      errors.add(
          FieldError.invalid(
              "metadata.ownerReferences",
              references.toString(),
              "Only one reference can have Controller set to true. Found \"true\" in references for %s and %s"
                  .formatted(controllers.get(0), controllers.get(1))));
    }
    return errors;
  }

  /** Findings when an object that is being deleted gets finalizers that it did not have. */
  static List<FieldError> finalizers(ObjectNode stored, ObjectNode object) {
    if (!stored.path("metadata").has("deletionTimestamp")) {
      return List.of();
    }
    List<String> added = new ArrayList<>();
    List<String> before = new ArrayList<>();
    stored.path("metadata").path("finalizers").forEach(each -> before.add(each.asText()));
    object.path("metadata").path("finalizers").forEach(each -> added.add(each.asText()));
    added.removeAll(before);
    return added.isEmpty()
        ? List.of()
        : List.of(
            FieldError.forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{%s}"
                    .formatted(
                        added.stream()
                            .map(each -> '"' + each + '"')
                            .collect(Collectors.joining(", ")))));
  }
}
