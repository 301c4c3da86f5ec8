package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who owns which fields of one object: {@code metadata.managedFields}, decoded. Immutable.
 *
 * @param entries what each owner has, by owner
 */
record ManagedFields(Map<Owner, Entry> entries) {
  static final ManagedFields NONE = new ManagedFields(Map.of());

  /** The fields that the server itself keeps and that nobody owns. */
  static final FieldSet UNOWNED =
      FieldSet.ofFields(
          "apiVersion",
          "kind",
          "metadata",
          "metadata.name",
          "metadata.namespace",
          "metadata.creationTimestamp",
          "metadata.selfLink",
          "metadata.uid",
          "metadata.generation",
          "metadata.managedFields",
          "metadata.resourceVersion");

  ManagedFields {
    entries = Map.copyOf(entries);
  }

  /**
   * An actor in one role: the same name is another owner when it updates than when it applies.
   *
   * @param operation {@code Apply} or {@code Update}
   * @param apiVersion empty for appliers: they keep their fields across versions
   */
  record Owner(String name, String operation, String apiVersion, String subresource) {
    static Owner applier(String name, String subresource) {
      return new Owner(name, "Apply", "", subresource);
    }

    static Owner updater(String name, String apiVersion, String subresource) {
      return new Owner(name, "Update", apiVersion, subresource);
    }

    /** How a conflict names it. */
    @Override
    public String toString() {
      String quoted = '"' + name + '"';
      if (operation.equals("Apply")) {
        return quoted;
      }
      return subresource.isEmpty()
          ? quoted + " using " + apiVersion
          : quoted + " with subresource \"" + subresource + "\" using " + apiVersion;
    }
  }

  /**
   * What an owner has.
   *
   * @param apiVersion in which the paths are written
   * @param time of its last change, as RFC 3339, empty when it was not recorded
   */
  record Entry(FieldSet fields, String apiVersion, String time) {}

  /** Reads an object's list. */
  static ManagedFields of(JsonNode object) {
    Map<Owner, Entry> entries = new LinkedHashMap<>();
    for (JsonNode each : object.path("metadata").path("managedFields")) {
      String operation = each.path("operation").asText();
      String apiVersion = each.path("apiVersion").asText();
      Owner owner =
          new Owner(
              each.path("manager").asText(),
              operation,
              operation.equals("Apply") ? "" : apiVersion,
              each.path("subresource").asText());
      entries.put(
          owner,
          new Entry(
              FieldSet.decode(each.path("fieldsV1")), apiVersion, each.path("time").asText()));
    }
    return new ManagedFields(entries);
  }

  /** Whether a body asks for tracking to end: an empty list, or one empty entry. */
  static boolean isReset(JsonNode object) {
    JsonNode list = object.path("metadata").path("managedFields");
    return list.isArray() && (list.isEmpty() || (list.size() == 1 && list.get(0).isEmpty()));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  FieldSet of(Owner owner) {
    Entry entry = entries.get(owner);
    return entry == null ? FieldSet.EMPTY : entry.fields();
  }

  /** What everybody owns together. */
  FieldSet all() {
    return entries.values().stream().map(Entry::fields).reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /** The same with an owner's entry replaced, or gone when it owns nothing. */
  ManagedFields with(Owner owner, Entry entry) {
    Map<Owner, Entry> changed = new LinkedHashMap<>(entries);
    if (entry.fields().isEmpty()) {
      changed.remove(owner);
    } else {
      changed.put(owner, entry);
    }
    return new ManagedFields(changed);
  }

  /** The object with this list in its metadata, in the order in which the real server lists. */
  ObjectNode writeTo(ObjectNode object) {
    ObjectNode written = object.deepCopy();
    ObjectNode metadata = written.withObjectProperty("metadata");
    if (entries.isEmpty()) {
      metadata.remove("managedFields");
      return written;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    entries.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<Owner, Entry> each) -> each.getKey().operation())
                .thenComparing(each -> each.getValue().time())
                .thenComparing(each -> each.getKey().name())
                .thenComparing(each -> each.getValue().apiVersion())
                .thenComparing(each -> each.getKey().subresource()))
        .forEach(each -> list.add(encode(each.getKey(), each.getValue())));
    metadata.set("managedFields", list);
    return written;
  }

  private static ObjectNode encode(Owner owner, Entry entry) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("manager", owner.name())
            .put("operation", owner.operation())
            .put("apiVersion", entry.apiVersion());
    if (!entry.time().isEmpty()) {
      node.put("time", entry.time());
    }
    node.put("fieldsType", "FieldsV1").set("fieldsV1", entry.fields().encode());
    if (!owner.subresource().isEmpty()) {
      node.put("subresource", owner.subresource());
    }
    return node;
  }

  /** The object without its list. */
  static ObjectNode strip(ObjectNode object) {
    if (!object.path("metadata").has("managedFields")) {
      return object;
    }
    ObjectNode stripped = object.deepCopy();
    stripped.withObjectProperty("metadata").remove("managedFields");
    return stripped;
  }
}
