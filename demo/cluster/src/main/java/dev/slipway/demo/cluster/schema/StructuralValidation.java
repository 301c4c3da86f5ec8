package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Holds a custom resource against its schema; rules in CEL are another stage. */
final class StructuralValidation {
  /** The cause that says that CEL rules were skipped. */
  static final FieldError RULES_SKIPPED =
      FieldError.invalid(
          "<nil>",
          "null",
          "some validation rules were not checked because the object was invalid; correct the"
              + " existing errors to complete validation");

  private final List<FieldError> errors = new ArrayList<>();

  private StructuralValidation() {}

  /** Every finding, depth first in the order of the schema. */
  static List<FieldError> validate(Schema schema, JsonNode object) {
    StructuralValidation validation = new StructuralValidation();
    schema
        .properties()
        .forEach(
            (name, field) -> {
              if (!Set.of("apiVersion", "kind", "metadata").contains(name) && object.has(name)) {
                validation.check(field, object.get(name), name);
              }
            });
    validation.checkRequired(schema, object, "");
    return validation.errors;
  }

  /** Only missing fields and values outside enumerations, at any depth. */
  static List<FieldError> requiredAndEnums(Schema schema, JsonNode object) {
    StructuralValidation validation = new StructuralValidation();
    validation.checkRequiredAndEnums(schema, object, "");
    return validation.errors;
  }

  private void checkRequiredAndEnums(Schema schema, JsonNode value, String path) {
    checkEnum(schema, value, path);
    if (value.isObject()) {
      checkRequired(schema, value, path.isEmpty() ? "" : path + ".");
      for (Map.Entry<String, JsonNode> each : value.properties()) {
        Schema field = schema.field(each.getKey());
        if (field != null) {
          String at = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
          checkRequiredAndEnums(field, each.getValue(), at);
        }
      }
    }
    for (int i = 0; i < value.size() && value.isArray(); i++) {
      checkRequiredAndEnums(schema.element(), value.get(i), path + "[" + i + "]");
    }
  }

  private void check(Schema schema, JsonNode value, String path) {
    if (value.isNull() && (schema.nullable() || schema.isAnything())) {
      return;
    }
    if (!fits(schema, value)) {
      String actual = typeOf(value);
      errors.add(
          new FieldError(
              "FieldValueTypeInvalid",
              "Invalid value: \"%s\": %s in body must be of type %s: \"%s\""
                  .formatted(actual, path, expectedType(schema), actual),
              path));
      return;
    }
    checkEnum(schema, value, path);
    if (value.isTextual()) {
      checkString(schema, value.asText(), path);
    } else if (value.isNumber()) {
      checkNumber(schema, value, path);
    } else if (value.isArray()) {
      checkList(schema, value, path);
    } else if (value.isObject()) {
      checkObject(schema, value, path);
    }
  }

  private static boolean fits(Schema schema, JsonNode value) {
    if (schema.intOrString()) {
      return value.isTextual() || value.isIntegralNumber();
    }
    return switch (schema.type()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  private static String expectedType(Schema schema) {
    return schema.intOrString() ? "integer,string" : schema.type();
  }

  static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      default -> "null";
    };
  }

  private void checkEnum(Schema schema, JsonNode value, String path) {
    JsonNode allowed = schema.keywords().path("enum");
    if (allowed.isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (JsonNode each : allowed) {
      if (each.equals(value)) {
        return;
      }
      names.add(each.asText());
    }
    errors.add(FieldError.unsupported(path, value.toString(), names));
  }

  private void checkString(Schema schema, String value, String path) {
    int length = value.codePointCount(0, value.length());
    JsonNode keywords = schema.keywords();
    if (keywords.has("maxLength") && length > keywords.get("maxLength").asInt()) {
      errors.add(tooLong(path, keywords.get("maxLength").asInt(), " bytes"));
    }
    if (keywords.has("minLength") && length < keywords.get("minLength").asInt()) {
      invalid(
          path,
          '"' + value + '"',
          "should be at least " + keywords.get("minLength").asInt() + " chars long");
    }
    String pattern = keywords.path("pattern").asText();
    if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(value).find()) {
      invalid(path, '"' + value + '"', "should match '" + pattern + "'");
    }
    if (schema.format().equals("date-time") && !Formats.isDateTime(value)) {
      invalid(path, '"' + value + '"', "must be of type date-time: \"" + value + '"');
    }
  }

  private void checkNumber(Schema schema, JsonNode value, String path) {
    checkBound(schema, "maximum", 1, value, path);
    checkBound(schema, "minimum", -1, value, path);
    if (schema.format().equals("int32")
        && value.decimalValue().abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
      invalid(path, value.toString(), "must be of type int32: " + value);
    }
  }

  /** {@code beyond} is how a number that is too far compares to the bound. */
  private void checkBound(Schema schema, String keyword, int beyond, JsonNode value, String path) {
    JsonNode bound = schema.keywords().get(keyword);
    if (bound == null) {
      return;
    }
    boolean exclusive =
        schema.keywords().path(beyond > 0 ? "exclusiveMaximum" : "exclusiveMinimum").asBoolean();
    int comparison = value.decimalValue().compareTo(bound.decimalValue());
    if (comparison == beyond || (exclusive && comparison == 0)) {
      String rule =
          "should be %s than %s%s"
              .formatted(
                  beyond > 0 ? "less" : "greater",
                  exclusive ? "" : "or equal to ",
                  bound.decimalValue().toPlainString());
      invalid(path, value.toString(), rule);
    }
  }

  private void checkList(Schema schema, JsonNode list, String path) {
    JsonNode keywords = schema.keywords();
    checkMost(keywords.path("maxItems"), list, path);
    if (keywords.has("minItems") && list.size() < keywords.get("minItems").asInt()) {
      invalid(
          path,
          "" + list.size(),
          "should have at least " + keywords.get("minItems").asInt() + " items");
    }
    for (int i = 0; i < list.size(); i++) {
      check(schema.element(), list.get(i), path + "[" + i + "]");
    }
  }

  private void checkObject(Schema schema, JsonNode object, String path) {
    checkMost(schema.keywords().path("maxProperties"), object, path);
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      Schema field = schema.field(each.getKey());
      if (field != null) {
        check(field, each.getValue(), path + "." + each.getKey());
      }
    }
    checkRequired(schema, object, path + ".");
  }

  private void checkMost(JsonNode most, JsonNode value, String path) {
    if (most.isNumber() && value.size() > most.asInt()) {
      var message =
          "Too many: %d: must have at most %d items".formatted(value.size(), most.asInt());
      errors.add(new FieldError("FieldValueTooMany", message, path));
    }
  }

  private void checkRequired(Schema schema, JsonNode object, String prefix) {
    for (String each : schema.required()) {
      if (!object.has(each)) {
        errors.add(FieldError.required(prefix + each, ""));
      }
    }
  }

  private void invalid(String path, String value, String rule) {
    errors.add(FieldError.invalid(path, value, path + " in body " + rule));
  }

  private static FieldError tooLong(String path, int max, String unit) {
    return new FieldError(
        "FieldValueTooLong", "Too long: may not be more than " + max + unit, path);
  }

  /** Duplicates in sets and list-maps, which are looked for whether or not the rest is fine. */
  static List<FieldError> duplicates(Schema schema, JsonNode value, String path) {
    List<FieldError> found = new ArrayList<>();
    collectDuplicates(schema, value, path, found);
    return found;
  }

  private static void collectDuplicates(
      Schema schema, JsonNode value, String path, List<FieldError> found) {
    if (value.isArray()) {
      Set<JsonNode> seen = new HashSet<>();
      for (int i = 0; i < value.size(); i++) {
        String at = path + "[" + i + "]";
        JsonNode identity = Formats.identity(schema, value.get(i));
        if (schema.listType() != Schema.ListType.ATOMIC && !seen.add(identity)) {
          found.add(FieldError.duplicate(at, identity.toString()));
        }
        collectDuplicates(schema.element(), value.get(i), at, found);
      }
    }
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      Schema field = schema.field(each.getKey());
      if (field != null) {
        String at = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
        collectDuplicates(field, each.getValue(), at, found);
      }
    }
  }
}
