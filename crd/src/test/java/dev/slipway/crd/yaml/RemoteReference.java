package dev.slipway.crd.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Derives {@code docs/reference.md} from the schema: one table for each kind of object, with values
 * out of a Remote in which every field stands.
 */
final class RemoteReference {
  private static final String HEADER =
      """
      # Reference of Remote

      Every field of `gitkube.sh/v1alpha1`, kind `Remote`. [remote.yaml](remote.yaml) is the Remote that the examples are from; `kubectl explain remote.spec` tells the same in a terminal.

      Every field of `spec` may be left out, null or empty, but for the two that are required. An object or a key that is named is looked for in the namespace of the Remote.

      Written by `make crd` from the records in `dev.slipway.crd`; change those.
      """;

  private final Map<Shape, List<String>> paths = new LinkedHashMap<>();
  private final JsonNode example;

  /** What makes two objects the same kind, wherever they stand. */
  private record Shape(
      Map<String, JSONSchemaProps> fields, List<ValidationRule> rules, List<String> required) {
    static Shape of(JSONSchemaProps schema) {
      return new Shape(
          schema.getProperties(), schema.getXKubernetesValidations(), schema.getRequired());
    }
  }

  private RemoteReference(JsonNode example) {
    this.example = example;
  }

  /**
   * The whole page.
   *
   * @param root of the Remote
   * @param example a Remote as JSON
   */
  static String text(JSONSchemaProps root, JsonNode example) {
    return new RemoteReference(example).text(root);
  }

  private String text(JSONSchemaProps root) {
    root.getProperties().forEach(this::collect);
    StringBuilder text = new StringBuilder(HEADER);
    paths.forEach((shape, places) -> text.append(section(shape, places)));
    return text.toString();
  }

  private void collect(String path, JSONSchemaProps schema) {
    if (schema.getItems() != null) {
      collect(path + "[]", schema.getItems().getSchema());
    } else if (schema.getProperties() != null && !schema.getProperties().isEmpty()) {
      paths.computeIfAbsent(Shape.of(schema), _ -> new ArrayList<>()).add(path);
      schema.getProperties().forEach((name, field) -> collect(path + "." + name, field));
    }
  }

  private String section(Shape shape, List<String> places) {
    StringJoiner text = new StringJoiner("\n", "\n", "\n");
    text.add("## " + places.getFirst()).add("");
    if (places.size() > 1) {
      text.add(
              places.stream()
                  .skip(1)
                  .map("`%s`"::formatted)
                  .collect(Collectors.joining(", ", "Also ", ".")))
          .add("");
    }
    if (!shape.rules().isEmpty()) {
      text.add("Rules: " + sentences(shape.rules()) + ".").add("");
    }
    text.add("| field | type | default, limits | meaning | example |");
    text.add("| --- | --- | --- | --- | --- |");
    shape
        .fields()
        .forEach(
            (name, field) ->
                text.add(
                    row(
                        "`" + name + "`",
                        type(field),
                        limits(field, shape.required().contains(name)),
                        meaning(field),
                        example(places, name, field))));
    return text.toString();
  }

  private static String row(String... cells) {
    return Stream.of(cells)
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  /** Without what Markdown would take for its own. */
  private static String meaning(JSONSchemaProps field) {
    return field.getDescription().replace("*", "\\*").replace("<", "\\<");
  }

  private String type(JSONSchemaProps field) {
    if (field.getItems() != null) {
      return "list of " + type(field.getItems().getSchema());
    }
    if (Boolean.TRUE.equals(field.getXKubernetesPreserveUnknownFields())) {
      return "anything";
    }
    if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
      return "quantity";
    }
    if (field.getAdditionalProperties() != null) {
      return "map of " + type(field.getAdditionalProperties().getSchema());
    }
    return "object".equals(field.getType()) ? "[object](#" + anchor(field) + ")" : field.getType();
  }

  /** As GitHub makes it of a heading. */
  private String anchor(JSONSchemaProps object) {
    String heading = Objects.requireNonNull(paths.get(Shape.of(object))).getFirst();
    return heading.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
  }

  private static String limits(JSONSchemaProps field, boolean required) {
    List<String> limits = new ArrayList<>();
    if (required) {
      limits.add("required");
    }
    if (field.getDefault() != null) {
      limits.add("default `" + text(field.getDefault()) + "`");
    }
    if (field.getEnum() != null && !field.getEnum().isEmpty()) {
      limits.add(
          field.getEnum().stream()
              .map(value -> "`" + text(value) + "`")
              .collect(Collectors.joining(", ", "one of ", "")));
    }
    range(field).ifPresent(limits::add);
    if (field.getMaxLength() != null) {
      limits.add("at most " + field.getMaxLength() + " characters");
    }
    if (field.getMaxItems() != null) {
      limits.add("at most " + field.getMaxItems() + " items");
    }
    if (field.getPattern() != null && field.getXKubernetesIntOrString() == null) {
      limits.add("`" + field.getPattern() + "`");
    }
    if (field.getItems() != null && !field.getXKubernetesValidations().isEmpty()) {
      limits.add(sentences(field.getXKubernetesValidations()));
    }
    return String.join("; ", limits);
  }

  private static Optional<String> range(JSONSchemaProps field) {
    if (field.getXKubernetesIntOrString() != null || field.getMinimum() == null) {
      return Optional.empty();
    }
    long minimum = field.getMinimum().longValue();
    return Optional.of(
        field.getMaximum() == null
            ? minimum + " or more"
            : minimum + " to " + field.getMaximum().longValue());
  }

  private static String sentences(List<ValidationRule> rules) {
    return rules.stream().map(ValidationRule::getMessage).collect(Collectors.joining("; "));
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.asText() : value.toString();
  }

  /** The first value in the example; empty for objects, which have a table of their own. */
  private String example(List<String> places, String name, JSONSchemaProps field) {
    if (type(field).contains("[")) {
      return "";
    }
    return places.stream()
        .flatMap(place -> values(example, place + "." + name))
        .findFirst()
        .map(value -> "`" + flow(value) + "`")
        .orElse("");
  }

  /** As YAML takes it in one line. */
  private static String flow(JsonNode value) {
    return value.isTextual() && !value.asText().isEmpty()
        ? value.asText()
        : value.toString().replace("\",\"", "\", \"");
  }

  private static Stream<JsonNode> values(JsonNode node, String path) {
    String[] parts = path.split("\\.", 2);
    String field = parts[0].replace("[]", "");
    @Nullable JsonNode value = node.get(field);
    if (value == null) {
      return Stream.of();
    }
    Stream<JsonNode> found =
        parts[0].endsWith("[]")
            ? StreamSupport.stream(value.spliterator(), false)
            : Stream.of(value);
    return parts.length == 1 ? found : found.flatMap(it -> values(it, parts[1]));
  }
}
