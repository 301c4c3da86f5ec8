package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says where an applied object does not fit its schema, in server-side apply's own words. */
final class SchemaFit {
  private final List<String> findings = new ArrayList<>();

  private SchemaFit() {}

  /** The findings as one text, empty when there are none. */
  static String check(Schema schema, JsonNode value) {
    SchemaFit fit = new SchemaFit();
    fit.check(schema, value, "");
    return fit.findings.size() == 1
        ? fit.findings.getFirst()
        : fit.findings.isEmpty() ? "" : "errors:\n  " + String.join("\n  ", fit.findings);
  }

  private void check(Schema schema, JsonNode value, String path) {
    if (value.isNull() || schema.isAnything() || schema.intOrString()) {
      return;
    }
    switch (schema.type()) {
      case "object" -> checkObject(schema, value, path);
      case "array" -> checkList(schema, value, path);
      case "integer", "number" -> expect(value.isNumber(), path, "numeric (int or float)", value);
      case "boolean" -> expect(value.isBoolean(), path, "boolean", value);
      case "string" -> {
        // A quantity may be written as a number.
        if (!schema.format().equals("quantity")) {
          expect(value.isTextual(), path, "string", value);
        }
      }
      default -> {}
    }
  }

  private void checkObject(Schema schema, JsonNode value, String path) {
    if (!value.isObject()) {
      expect(false, path, "map", value);
      return;
    }
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      Schema field = schema.field(each.getKey());
      String at = path + "." + each.getKey();
      if (field != null) {
        check(field, each.getValue(), at);
      } else if (!schema.properties().isEmpty()) {
        findings.add(at + ": field not declared in schema");
      }
    }
  }

  private void checkList(Schema schema, JsonNode value, String path) {
    if (!value.isArray()) {
      expect(false, path, "list", value);
      return;
    }
    Set<PathElement> seen = new HashSet<>();
    Set<PathElement> reported = new HashSet<>();
    for (int i = 0; i < value.size(); i++) {
      PathElement identity = new PathElement.Index(i);
      if (Element.isShared(schema)) {
        try {
          identity = Element.of(schema, value.get(i));
        } catch (IllegalArgumentException e) {
          findings.add(path + ": element " + i + ": " + e.getMessage());
          continue;
        }
        if (!seen.add(identity) && reported.add(identity)) {
          findings.add(path + ": duplicate entries for key " + identity);
        }
      }
      check(schema.element(), value.get(i), path + identity);
    }
  }

  private void expect(boolean fits, String path, String expected, JsonNode value) {
    if (!fits) {
      String got =
          switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            case BOOLEAN -> "boolean";
            case ARRAY -> "list";
            default -> "map";
          };
      findings.add(path + ": expected " + expected + ", got &{" + got + "}");
    }
  }
}
