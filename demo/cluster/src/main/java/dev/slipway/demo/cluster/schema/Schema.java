package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a value: OpenAPI v3 keywords in Kubernetes' structural form, the same for built-in
 * kinds and for custom resources.
 *
 * @param name the component's name in OpenAPI documents, empty for an anonymous schema
 * @param keywords everything but the children: type, format, default, x-kubernetes-… (never
 *     modified after construction)
 * @param properties the declared fields of an object, in order
 * @param items the elements of an array
 * @param additional the values of a map
 */
public record Schema(
    String name,
    ObjectNode keywords,
    Map<String, Schema> properties,
    @Nullable Schema items,
    @Nullable Schema additional) {

  /** How the elements of a list are told apart when two writers share it. */
  public enum ListType {
    ATOMIC,
    SET,
    MAP
  }

  /** A rule in the Common Expression Language. */
  public record Rule(
      String expression, String message, String messageExpression, String reason, String path) {}

  /** The keyword for what a Go client sends when a required field is not set. */
  static final String ZERO = "x-zero";

  /** Anything at all, kept as it is. */
  public static final Schema ANY =
      new Schema(
          "",
          JsonNodeFactory.instance.objectNode().put("x-kubernetes-preserve-unknown-fields", true),
          Map.of(),
          null,
          null);

  /** Parses a schema as a CustomResourceDefinition has it. */
  public static Schema parse(JsonNode source) {
    ObjectNode keywords = JsonNodeFactory.instance.objectNode();
    Map<String, Schema> properties = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : source.properties()) {
      switch (entry.getKey()) {
        case "properties" ->
            entry
                .getValue()
                .properties()
                .forEach(each -> properties.put(each.getKey(), parse(each.getValue())));
        case "items", "additionalProperties" -> {}
        default -> keywords.set(entry.getKey(), entry.getValue());
      }
    }
    JsonNode additional = source.path("additionalProperties");
    return new Schema(
        "",
        keywords,
        properties,
        source.has("items") ? parse(source.get("items")) : null,
        additional.isObject() ? parse(additional) : additional.asBoolean(false) ? ANY : null);
  }

  /** The same schema as a component of OpenAPI documents. */
  Schema named(String component) {
    return new Schema(component, keywords, properties, items, additional);
  }

  /** The same schema with other children, for kinds that add their own. */
  Schema withProperty(String field, Schema schema) {
    Map<String, Schema> changed = new LinkedHashMap<>(properties);
    changed.put(field, schema);
    return new Schema(name, keywords, changed, items, additional);
  }

  /** Whether nothing is known about the value. */
  public boolean isAnything() {
    return preservesUnknownFields() && type().isEmpty();
  }

  /** {@code object}, {@code array}, {@code string}, … or empty when the schema does not say. */
  public String type() {
    return keywords.path("type").asText();
  }

  public String format() {
    return keywords.path("format").asText();
  }

  public boolean nullable() {
    return keywords.path("nullable").asBoolean();
  }

  public boolean intOrString() {
    return keywords.path("x-kubernetes-int-or-string").asBoolean()
        || format().equals("int-or-string");
  }

  /** Whether fields that are not declared are kept and not complained about. */
  public boolean preservesUnknownFields() {
    return keywords.path("x-kubernetes-preserve-unknown-fields").asBoolean();
  }

  /** Whether the value is an object of its own, with apiVersion, kind and metadata. */
  public boolean embeddedResource() {
    return keywords.path("x-kubernetes-embedded-resource").asBoolean();
  }

  public @Nullable JsonNode defaultValue() {
    return keywords.get("default");
  }

  /** What a key field that was left out counts as, or null when it must be given. */
  public @Nullable JsonNode keyDefault() {
    JsonNode fallback = defaultValue();
    return fallback == null ? keywords.get(ZERO) : fallback;
  }

  /** Whether Kubernetes has it as a Go type, which writes no empty lists and maps. */
  boolean isGoType() {
    return name.startsWith("io.k8s.");
  }

  public List<String> required() {
    return strings("required");
  }

  public ListType listType() {
    return switch (keywords.path("x-kubernetes-list-type").asText()) {
      case "set" -> ListType.SET;
      case "map" -> ListType.MAP;
      default -> ListType.ATOMIC;
    };
  }

  /** The fields that tell the elements of a {@link ListType#MAP} list apart. */
  public List<String> listMapKeys() {
    return strings("x-kubernetes-list-map-keys");
  }

  /** Whether an object or map is owned and replaced as a whole. */
  public boolean atomicMap() {
    return keywords.path("x-kubernetes-map-type").asText().equals("atomic");
  }

  /** The field by which a strategic merge patch finds a list's elements, empty for none. */
  public String patchMergeKey() {
    return keywords.path("x-kubernetes-patch-merge-key").asText();
  }

  /** {@code merge}, {@code retainKeys}, {@code replace} or several of them, comma-separated. */
  public List<String> patchStrategy() {
    return List.of(keywords.path("x-kubernetes-patch-strategy").asText().split(",", -1));
  }

  public List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (JsonNode each : keywords.path("x-kubernetes-validations")) {
      rules.add(
          new Rule(
              each.path("rule").asText(),
              each.path("message").asText(),
              each.path("messageExpression").asText(),
              each.path("reason").asText("FieldValueInvalid"),
              each.path("fieldPath").asText()));
    }
    return rules;
  }

  /** The schema of a field: declared, or that of a map's values, or null for an unknown one. */
  public @Nullable Schema field(String field) {
    Schema declared = properties.get(field);
    if (declared != null) {
      return declared;
    }
    if (additional != null) {
      return additional;
    }
    return preservesUnknownFields() ? ANY : null;
  }

  /** Whether the field is one that the schema names, unlike a map's key. */
  public boolean declares(String field) {
    return properties.containsKey(field);
  }

  /** The schema of a list's elements. */
  public Schema element() {
    return items == null ? ANY : items;
  }

  private List<String> strings(String keyword) {
    JsonNode list = keywords.path(keyword);
    List<String> strings = new ArrayList<>(list.size());
    list.forEach(each -> strings.add(each.asText()));
    return strings;
  }
}
