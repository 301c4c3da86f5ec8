package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the rules in CEL that a schema carries, for every value that they stand at. Rules that
 * compare with {@code oldSelf} hold for values that were there before.
 */
final class CelRules {
  private final List<FieldError> errors = new ArrayList<>();

  private CelRules() {}

  /** Whether the schema has rules at all. */
  static boolean anyIn(Schema schema) {
    return schema.keywords().has("x-kubernetes-validations")
        || schema.properties().values().stream().anyMatch(CelRules::anyIn)
        || (schema.items() != null && anyIn(schema.items()))
        || (schema.additional() != null && anyIn(schema.additional()));
  }

  static List<FieldError> check(Schema schema, JsonNode object, @Nullable JsonNode stored) {
    CelRules rules = new CelRules();
    rules.walk(schema, object, stored, "");
    return rules.errors;
  }

  private void walk(Schema schema, JsonNode value, @Nullable JsonNode old, String path) {
    if (value.isNull()) {
      return;
    }
    for (Schema.Rule rule : schema.rules()) {
      check(rule, value, old, path);
    }
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      Schema field = schema.field(each.getKey());
      if (field != null) {
        String at = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
        walk(field, each.getValue(), old == null ? null : old.get(each.getKey()), at);
      }
    }
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        JsonNode element = value.get(i);
        walk(schema.element(), element, previous(schema, element, old), path + "[" + i + "]");
      }
    }
  }

  /** What an element of a list-map was before; elements of other lists have no past. */
  private static @Nullable JsonNode previous(
      Schema list, JsonNode element, @Nullable JsonNode old) {
    if (old == null || list.listType() != Schema.ListType.MAP) {
      return null;
    }
    JsonNode identity = Formats.identity(list, element);
    return old.valueStream()
        .filter(each -> Formats.identity(list, each).equals(identity))
        .findFirst()
        .orElse(null);
  }

  private void check(Schema.Rule rule, JsonNode value, @Nullable JsonNode old, String path) {
    boolean isTransition = rule.expression().contains("oldSelf");
    if (isTransition && (old == null || old.isNull())) {
      return;
    }
    String field = path + rule.path();
    String type = '"' + StructuralValidation.typeOf(value) + '"';
    try {
      if (!CelExpression.of(rule.expression()).isTrue(value, old)) {
        errors.add(
            violation(rule, field.isEmpty() ? "<nil>" : field, type, message(rule, value, old)));
      }
    } catch (CelExpression.Failed e) {
      errors.add(FieldError.invalid(field, type, "rule evaluation error: " + e.getMessage()));
    }
  }

  private static FieldError violation(Schema.Rule rule, String field, String type, String message) {
    return switch (rule.reason()) {
      case "FieldValueForbidden" -> FieldError.forbidden(field, message);
      case "FieldValueRequired" -> FieldError.required(field, message);
      case "FieldValueDuplicate" -> FieldError.duplicate(field, type);
      default -> FieldError.invalid(field, type, message);
    };
  }

  private static String message(Schema.Rule rule, JsonNode value, @Nullable JsonNode old) {
    if (!rule.messageExpression().isEmpty()) {
      try {
        return CelExpression.of(rule.messageExpression()).text(value, old);
      } catch (CelExpression.Failed e) {
        // As the real server does: the fixed message stands in.
      }
    }
    return rule.message().isEmpty()
        ? "failed rule: " + rule.expression().strip()
        : rule.message().strip();
  }
}
