package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads an object of a built-in kind as Go's decoder does, which refuses a wrong type at once. */
final class WireForm {
  private static final Pattern QUANTITY =
      Pattern.compile("([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)");
  private static final Pattern MICRO_TIME =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)(.*)");

  private final BuiltInKind kind;

  private WireForm(BuiltInKind kind) {
    this.kind = kind;
  }

  /**
   * Gives quantities their textual form.
   *
   * @throws Rejected 400 for a value that does not fit its field
   */
  static ObjectNode read(BuiltInKind kind, ObjectNode object) {
    return (ObjectNode) new WireForm(kind).read(kind.schema(), object, kind.kind(), "");
  }

  private JsonNode read(Schema schema, JsonNode value, String owner, String path) {
    if (value.isNull() || schema.isAnything()) {
      return value;
    }
    return switch (schema.type()) {
      case "object" -> readObject(schema, value, owner, path);
      case "array" -> readList(schema, value, owner, path);
      case "string" -> readString(schema, value, owner, path);
      case "integer" -> expect(value.isIntegralNumber(), schema.format(), value, owner, path);
      case "number" -> expect(value.isNumber(), "float64", value, owner, path);
      case "boolean" -> expect(value.isBoolean(), "bool", value, owner, path);
      default -> value;
    };
  }

  private JsonNode readObject(Schema schema, JsonNode value, String owner, String path) {
    String type = schema.name().substring(schema.name().lastIndexOf('.') + 1);
    expect(
        value.isObject(),
        schema.additional() != null ? "map[string]string" : "v1." + type,
        value,
        owner,
        path);
    ObjectNode read = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      Schema field = schema.field(each.getKey());
      String at = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
      read.set(
          each.getKey(),
          field == null
              ? each.getValue()
              : read(field, each.getValue(), type.isEmpty() ? owner : type, at));
    }
    return read;
  }

  private JsonNode readList(Schema schema, JsonNode value, String owner, String path) {
    expect(value.isArray(), "[]" + schema.element().type(), value, owner, path);
    ArrayNode read = JsonNodeFactory.instance.arrayNode();
    value.forEach(each -> read.add(read(schema.element(), each, owner, path)));
    return read;
  }

  private JsonNode readString(Schema schema, JsonNode value, String owner, String path) {
    String text = value.asText();
    switch (schema.format()) {
      case "quantity" -> {
        if (!(value.isTextual() || value.isNumber()) || !QUANTITY.matcher(text).matches()) {
          throw refused(
              "quantities must match the regular expression"
                  + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
        return JsonNodeFactory.instance.textNode(text);
      }
      case "int-or-string" -> {
        return expect(
            value.isTextual() || value.isIntegralNumber(),
            "intstr.IntOrString",
            value,
            owner,
            path);
      }
      case "micro-time" -> checkMicroTime(text);
      case "date-time" -> {
        if (!Formats.isDateTime(text)) {
          throw refused(
              "parsing time \"%s\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"%s\" as \"2006\""
                  .formatted(text, text));
        }
      }
      default -> {}
    }
    return expect(value.isTextual(), "string", value, owner, path);
  }

  private void checkMicroTime(String text) {
    var parts = MICRO_TIME.matcher(text);
    String rest = parts.matches() ? parts.group(2) : text;
    if (!rest.matches("\\.\\d{6}(Z|[+-]\\d\\d:\\d\\d)")) {
      throw refused(
          "parsing time \"%s\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"%s\" as \".000000\""
              .formatted(text, rest));
    }
  }

  private JsonNode expect(boolean fits, String type, JsonNode value, String owner, String path) {
    if (!fits) {
      String actual =
          switch (value.getNodeType()) {
            case NUMBER -> "number" + (value.isIntegralNumber() ? "" : " " + value);
            case BOOLEAN -> "bool";
            default -> StructuralValidation.typeOf(value);
          };
      throw refused(
          "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
              .formatted(actual, owner, path, type));
    }
    return value;
  }

  private Rejected refused(String why) {
    return Rejected.badRequest(
        "%s in version \"%s\" cannot be handled as a %s: %s"
            .formatted(kind.kind(), kind.version(), kind.kind(), why));
  }
}
