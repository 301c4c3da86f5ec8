package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.Runtime.Unknown;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes Kubernetes' protobuf envelope into the JSON that the same object has. Clients written in
 * Go send zero values that JSON leaves out; those are left out here too.
 */
final class Protobuf {
  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** Fields that are pointers in Go: when they are sent, zero and false mean something. */
  private static final Set<String> MEANINGFUL_WHEN_ZERO =
      Set.of(
          """
          activeDeadlineSeconds allowPrivilegeEscalation automountServiceAccountToken backoffLimit
          completions defaultMode enableServiceLinks failedJobsHistoryLimit fsGroup
          gracePeriodSeconds immutable optional parallelism partition privileged
          progressDeadlineSeconds readOnlyRootFilesystem replicas revisionHistoryLimit runAsGroup
          runAsNonRoot runAsUser successfulJobsHistoryLimit suspend terminationGracePeriodSeconds
          tolerationSeconds ttlSecondsAfterFinished value
          """
              .strip()
              .split("\\s+", -1));

  /** Messages whose presence alone means something. */
  private static final Set<String> MEANINGFUL_WHEN_EMPTY =
      Set.of("emptyDir", "podSelector", "namespaceSelector", "securityContext");

  private Protobuf() {}

  /**
   * Decodes an envelope.
   *
   * @throws Rejected 400 when it is none, or of a kind that has no protobuf definition
   */
  static ObjectNode decode(byte[] bytes) {
    if (bytes.length < 4 || !Arrays.equals(bytes, 0, 4, MAGIC, 0, 4)) {
      throw Rejected.badRequest(
          "provided data does not appear to be a protobuf message, expected prefix "
              + Arrays.toString(MAGIC));
    }
    try {
      Unknown envelope = Unknown.parseFrom(ByteString.copyFrom(bytes, 4, bytes.length - 4));
      String apiVersion = envelope.getTypeMeta().getApiVersion();
      String kind = envelope.getTypeMeta().getKind();
      int slash = apiVersion.indexOf('/');
      String group = slash < 0 ? "" : apiVersion.substring(0, slash);
      Descriptor type =
          BuiltInSchemas.message(group, apiVersion.substring(slash + 1), kind)
              .orElseThrow(
                  () ->
                      Rejected.badRequest(
                          "no kind \"%s\" is registered for version \"%s\""
                              .formatted(kind, apiVersion)));
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object.put("kind", kind).put("apiVersion", apiVersion);
      object.setAll(object(DynamicMessage.parseFrom(type, envelope.getRaw())));
      return object;
    } catch (InvalidProtocolBufferException e) {
      throw Rejected.badRequest("cannot decode protobuf: " + e.getMessage());
    }
  }

  private static ObjectNode object(Message message) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<FieldDescriptor, Object> each : message.getAllFields().entrySet()) {
      FieldDescriptor field = each.getKey();
      String name = field.getName();
      if (BuiltInSchemas.isInline(field)) {
        object.setAll(object((Message) each.getValue()));
      } else if (field.isMapField()) {
        ObjectNode map = object.putObject(name);
        for (Object entry : (List<?>) each.getValue()) {
          putEntry(map, (Message) entry);
        }
      } else if (field.isRepeated()) {
        var list = object.putArray(name);
        for (Object element : (List<?>) each.getValue()) {
          JsonNode value = value(element);
          list.add(value == null ? JsonNodeFactory.instance.objectNode() : value);
        }
      } else {
        JsonNode value = value(each.getValue());
        if (value != null && !isLeftOut(name, value)) {
          object.set(name, value);
        }
      }
    }
    return object;
  }

  private static void putEntry(ObjectNode map, Message entry) {
    Descriptor type = entry.getDescriptorForType();
    FieldDescriptor valueField = type.findFieldByName("value");
    JsonNode value = value(entry.getField(valueField));
    String key = (String) entry.getField(type.findFieldByName("key"));
    map.set(key, value == null ? JsonNodeFactory.instance.objectNode() : value);
  }

  private static boolean isLeftOut(String field, JsonNode value) {
    if (value.isObject()) {
      return value.isEmpty() && !MEANINGFUL_WHEN_EMPTY.contains(field);
    }
    boolean zero =
        value.isTextual()
            ? value.asText().isEmpty()
            : value.isNumber() ? value.asLong() == 0 : !value.asBoolean();
    return zero && !value.isArray() && !MEANINGFUL_WHEN_ZERO.contains(field);
  }

  private static @Nullable JsonNode value(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (value) {
      case Integer number -> nodes.numberNode(number);
      case Long number -> nodes.numberNode(number);
      case Double number -> nodes.numberNode(number);
      case Float number -> nodes.numberNode(number);
      case Boolean flag -> nodes.booleanNode(flag);
      case ByteString bytes ->
          nodes.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case Message message -> special(message);
      default -> nodes.textNode(value.toString());
    };
  }

  private static @Nullable JsonNode special(Message message) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (message.getDescriptorForType().getName()) {
      case "Quantity" -> nodes.textNode((String) get(message, "string"));
      case "IntOrString" ->
          ((Number) get(message, "type")).longValue() == 0
              ? nodes.numberNode(((Number) get(message, "intVal")).intValue())
              : nodes.textNode((String) get(message, "strVal"));
      case "Time" -> time(message, DateTimeFormatter.ISO_INSTANT);
      case "MicroTime" -> time(message, MICROS);
      case "RawExtension", "FieldsV1" -> raw((ByteString) raw(message));
      case "ExtraValue" -> object(message).get("items");
      default -> object(message);
    };
  }

  private static @Nullable JsonNode time(Message message, DateTimeFormatter format) {
    long seconds = ((Number) get(message, "seconds")).longValue();
    // Go's zero time is the year 1.
    return seconds <= 0
        ? null
        : JsonNodeFactory.instance.textNode(format.format(Instant.ofEpochSecond(seconds)));
  }

  private static Object raw(Message message) {
    FieldDescriptor field = message.getDescriptorForType().getFields().getFirst();
    return message.getField(field);
  }

  private static @Nullable JsonNode raw(ByteString json) {
    try {
      return json.isEmpty() ? null : JSON.readTree(json.toByteArray());
    } catch (IOException e) {
      throw Rejected.badRequest("cannot decode embedded JSON: " + e.getMessage());
    }
  }

  private static Object get(Message message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }
}
