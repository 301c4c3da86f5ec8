package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates a custom resource in two stages: the schema, then rules in CEL, which are skipped when
 * the object is too broken for them.
 */
final class CustomRules {
  private static final Set<String> BLOCKING =
      Set.of(
          "FieldValueNotSupported",
          "FieldValueRequired",
          "FieldValueTooLong",
          "FieldValueTooMany",
          "FieldValueTypeInvalid");

  private CustomRules() {}

  /**
   * Every finding.
   *
   * @param earlier what was found in the metadata already
   */
  static List<FieldError> validate(
      Schema schema, JsonNode object, @Nullable JsonNode stored, List<FieldError> earlier) {
    List<FieldError> errors = new ArrayList<>(StructuralValidation.validate(schema, object));
    errors.addAll(StructuralValidation.duplicates(schema, object, ""));
    if (!CelRules.anyIn(schema)) {
      return errors;
    }
    List<FieldError> all = new ArrayList<>(earlier);
    all.addAll(errors);
    if (all.stream().anyMatch(each -> BLOCKING.contains(each.reason()))) {
      errors.add(StructuralValidation.RULES_SKIPPED);
    } else {
      errors.addAll(CelRules.check(schema, object, stored));
    }
    return errors;
  }
}
