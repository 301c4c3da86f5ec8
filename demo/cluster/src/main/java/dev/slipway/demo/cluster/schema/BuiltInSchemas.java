package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Derives the schemas of the built-in kinds from their protobuf definitions and from the table
 * {@code builtin-kinds.yaml}; kinds that have none come from {@code other-kinds.yaml}.
 */
final class BuiltInSchemas {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonNode TABLE =
      BundledYaml.read(BuiltInSchemas.class, "builtin-kinds.yaml");
  private static final JsonNode OTHERS = BundledYaml.read(BuiltInSchemas.class, "other-kinds.yaml");
  private static final Map<String, FileDescriptor> FILES =
      Map.ofEntries(
          Map.entry("", V1.getDescriptor()),
          Map.entry("apps", V1Apps.getDescriptor()),
          Map.entry("authentication.k8s.io", V1Authentication.getDescriptor()),
          Map.entry("authorization.k8s.io", V1Authorization.getDescriptor()),
          Map.entry("autoscaling", V1Autoscaling.getDescriptor()),
          Map.entry("batch", V1Batch.getDescriptor()),
          Map.entry("networking.k8s.io", V1Networking.getDescriptor()),
          Map.entry("policy", V1Policy.getDescriptor()),
          Map.entry("rbac.authorization.k8s.io", V1Rbac.getDescriptor()),
          Map.entry("scheduling.k8s.io", V1Scheduling.getDescriptor()),
          Map.entry("storage.k8s.io", V1Storage.getDescriptor()));

  /** Fields that are structs in Go, not pointers to them. */
  private static final Set<String> STRUCTS =
      Set.of(
          """
          metadata spec status template jobTemplate strategy updateStrategy loadBalancer resources
          source names
          """
              .strip()
              .split("\\s+", -1));

  private static final Map<String, Schema> MESSAGES = new ConcurrentHashMap<>();

  private BuiltInSchemas() {}

  /** The schema of {@code metadata}. */
  static Schema objectMeta() {
    return of(Meta.ObjectMeta.getDescriptor());
  }

  /** The schema of {@code DeleteOptions}, which OpenAPI documents refer to. */
  static Schema deleteOptions() {
    return of(Meta.DeleteOptions.getDescriptor());
  }

  /** The protobuf message of a kind. */
  static Optional<Descriptor> message(String group, String version, String kind) {
    if (kind.equals("DeleteOptions")) {
      // Go's clients name the version of what they delete, so it is one of every version's kinds.
      return Optional.of(Meta.DeleteOptions.getDescriptor());
    }
    return version.equals("v1")
        ? Optional.ofNullable(FILES.get(group)).map(file -> file.findMessageTypeByName(kind))
        : Optional.empty();
  }

  /** The schema of a kind's objects, or empty when it is unknown. */
  static Optional<Schema> find(String group, String version, String kind) {
    JsonNode other = OTHERS.get(group + "/" + version + "/" + kind);
    if (other != null) {
      String name = "io.k8s.api." + group.split("\\.", 2)[0] + "." + version + "." + kind;
      return Optional.of(withTypeAndMeta(Schema.parse(other).named(name)));
    }
    return message(group, version, kind)
        .filter(message -> message.findFieldByName("metadata") != null)
        .map(message -> withTypeAndMeta(of(message)));
  }

  /** An object's schema with the fields that every object has. */
  static Schema withTypeAndMeta(Schema schema) {
    Schema string = scalar("string", "");
    return schema
        .withProperty("apiVersion", string)
        .withProperty("kind", string)
        .withProperty("metadata", objectMeta());
  }

  /** The schema of a message, without apiVersion and kind. */
  static Schema of(Descriptor message) {
    Schema known = MESSAGES.get(message.getFullName());
    if (known == null) {
      known = derive(message);
      MESSAGES.put(message.getFullName(), known);
    }
    return known;
  }

  /** Whether a field's message stands in JSON where the field's parent stands (Go's ",inline"). */
  static boolean isInline(FieldDescriptor field) {
    return switch (field.getName()) {
      case "volumeSource",
          "persistentVolumeSource",
          "localObjectReference",
          "handler",
          "ephemeralContainerCommon" ->
          !field.isRepeated();
      default -> false;
    };
  }

  /** What Go writes for an object in which nothing is set: its structs are there even then. */
  static ObjectNode empty(Schema schema) {
    ObjectNode empty = NODES.objectNode();
    schema
        .properties()
        .forEach(
            (name, field) -> {
              JsonNode fallback = field.defaultValue();
              if (STRUCTS.contains(name) && field.type().equals("object")) {
                empty.set(name, empty(field));
              } else if (fallback != null && isZero(fallback)) {
                empty.set(name, fallback);
              } else if (name.equals("containers")) {
                empty.putNull(name);
              }
            });
    return empty;
  }

  private static boolean isZero(JsonNode value) {
    return value.isNull() || (value.isTextual() && value.asText().isEmpty());
  }

  private static Schema derive(Descriptor message) {
    String name = message.getFullName().replace("k8s.io.", "io.k8s.");
    JsonNode row = TABLE.path(rowOf(message));
    ObjectNode keywords = NODES.objectNode().put("type", "object");
    if (row.has("required")) {
      keywords.set("required", row.get("required"));
    }
    if (row.path("atomic").isBoolean()) {
      keywords.put("x-kubernetes-map-type", "atomic");
    }
    Map<String, Schema> properties = new LinkedHashMap<>();
    for (FieldDescriptor field : message.getFields()) {
      if (isInline(field)) {
        properties.putAll(of(field.getMessageType()).properties());
      } else {
        properties.put(field.getName(), annotate(of(field), field.getName(), row));
      }
    }
    return new Schema(name, keywords, properties, null, null);
  }

  private static String rowOf(Descriptor message) {
    String[] parts = message.getFullName().split("\\.", -1);
    return String.join(".", List.of(parts).subList(parts.length - 3, parts.length));
  }

  private static Schema of(FieldDescriptor field) {
    if (field.isMapField()) {
      Schema value = of(field.getMessageType().findFieldByName("value"));
      return new Schema("", NODES.objectNode().put("type", "object"), Map.of(), null, value);
    }
    Schema one = ofSingle(field);
    return field.isRepeated() ? listOf(one) : one;
  }

  private static Schema listOf(Schema items) {
    return new Schema("", NODES.objectNode().put("type", "array"), Map.of(), items, null);
  }

  private static Schema ofSingle(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> scalar("integer", "int32");
      case LONG -> scalar("integer", "int64");
      case FLOAT, DOUBLE -> scalar("number", "double");
      case BOOLEAN -> scalar("boolean", "");
      case BYTE_STRING -> scalar("string", "byte");
      case STRING, ENUM -> scalar("string", "");
      case MESSAGE ->
          switch (field.getMessageType().getName()) {
            case "Quantity" -> scalar("string", "quantity");
            case "IntOrString" -> scalar("string", "int-or-string");
            case "Time" -> scalar("string", "date-time");
            case "MicroTime" -> scalar("string", "micro-time");
            case "Duration" -> scalar("string", "duration");
            case "RawExtension", "FieldsV1" -> Schema.ANY;
            // A list behind a message of its own, since protobuf maps cannot hold lists.
            case "ExtraValue" -> listOf(scalar("string", ""));
            default -> of(field.getMessageType());
          };
    };
  }

  private static Schema scalar(String type, String format) {
    ObjectNode keywords = NODES.objectNode().put("type", type);
    if (!format.isEmpty()) {
      keywords.put("format", format);
    }
    return new Schema("", keywords, Map.of(), null, null);
  }

  private static Schema annotate(Schema schema, String field, JsonNode row) {
    ObjectNode added = NODES.objectNode();
    JsonNode fallback = row.path("default").get(field);
    if (fallback != null) {
      added.set("default", fallback.isNull() ? NullNode.instance : fallback);
    }
    boolean isRequired = contains(row.get("required"), field);
    if (isRequired && schema.type().equals("string") && schema.format().isEmpty()) {
      // Go's zero value: an element without its key counts as the one with an empty key.
      added.put(Schema.ZERO, "");
    }
    if (row.path("enum").has(field)) {
      added.set("enum", row.path("enum").get(field));
    }
    if (contains(row.get("atomic"), field)) {
      added.put("x-kubernetes-map-type", "atomic");
    }
    if (contains(row.get("retainKeys"), field)) {
      added.put("x-kubernetes-patch-strategy", "retainKeys");
    }
    annotateList(added, row.path("lists").path(field).asText());
    return added.isEmpty()
        ? schema
        : new Schema(
            schema.name(),
            schema.keywords().deepCopy().setAll(added),
            schema.properties(),
            schema.items(),
            schema.additional());
  }

  private static void annotateList(ObjectNode added, String description) {
    if (description.isEmpty()) {
      return;
    }
    List<String> words = List.of(description.split(" ", -1));
    added.put("x-kubernetes-list-type", words.getFirst());
    String mergeKey = "";
    if (words.getFirst().equals("map")) {
      String[] keys = words.get(1).split(",", -1);
      var list = added.putArray("x-kubernetes-list-map-keys");
      List.of(keys).forEach(list::add);
      mergeKey = keys[0];
    }
    int patch = words.indexOf("patch");
    if (patch >= 0) {
      mergeKey = words.get(patch + 1).equals("-") ? "" : words.get(patch + 1);
    }
    if (!mergeKey.isEmpty()) {
      added.put("x-kubernetes-patch-merge-key", mergeKey);
    }
    if (!mergeKey.isEmpty() || words.getFirst().equals("set")) {
      added.put(
          "x-kubernetes-patch-strategy",
          words.contains("retainKeys") ? "merge,retainKeys" : "merge");
    }
  }

  private static boolean contains(@Nullable JsonNode list, String value) {
    if (list != null) {
      for (JsonNode each : list) {
        if (each.asText().equals(value)) {
          return true;
        }
      }
    }
    return false;
  }
}
