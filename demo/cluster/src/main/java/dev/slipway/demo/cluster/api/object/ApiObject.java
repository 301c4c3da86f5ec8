package dev.slipway.demo.cluster.api.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Kubernetes object as JSON. One that has been stored is never changed again: whoever changes
 * works on a {@link #copy()}.
 */
public record ApiObject(ObjectNode json) {
  /** One entry of {@code metadata.ownerReferences}. */
  public record Owner(String apiVersion, String kind, String name, String uid, boolean blocks) {}

  /** An object of the given kind with nothing but a name. */
  public static ApiObject named(String apiVersion, String kind, String namespace, String name) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", apiVersion).put("kind", kind);
    var metadata = json.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return new ApiObject(json);
  }

  public ApiObject copy() {
    return new ApiObject(json.deepCopy());
  }

  /** The metadata, made when there is none. */
  public ObjectNode metadata() {
    return json.withObjectProperty("metadata");
  }

  public String apiVersion() {
    return json.path("apiVersion").asText("");
  }

  public String kind() {
    return json.path("kind").asText("");
  }

  public String name() {
    return meta("name").asText("");
  }

  /** Empty for an object of the cluster. */
  public String namespace() {
    return meta("namespace").asText("");
  }

  public String uid() {
    return meta("uid").asText("");
  }

  /** Empty when the object has never been stored. */
  public String resourceVersion() {
    return meta("resourceVersion").asText("");
  }

  public boolean deleting() {
    return meta("deletionTimestamp").isTextual();
  }

  public Map<String, String> labels() {
    return texts(meta("labels"));
  }

  public Map<String, String> annotations() {
    return texts(meta("annotations"));
  }

  public List<String> finalizers() {
    return Json.texts(meta("finalizers"));
  }

  public List<Owner> owners() {
    var all = new ArrayList<Owner>();
    for (var owner : meta("ownerReferences")) {
      all.add(
          new Owner(
              owner.path("apiVersion").asText(),
              owner.path("kind").asText(),
              owner.path("name").asText(),
              owner.path("uid").asText(),
              owner.path("blockOwnerDeletion").asBoolean()));
    }
    return all;
  }

  /** A value below the root by its JSON pointer; a missing node when there is none. */
  public JsonNode at(String pointer) {
    return json.at(pointer);
  }

  /** A text below the root by its JSON pointer; empty when there is none. */
  public String text(String pointer) {
    return json.at(pointer).asText("");
  }

  private JsonNode meta(String field) {
    return json.path("metadata").path(field);
  }

  private static Map<String, String> texts(JsonNode object) {
    var all = new LinkedHashMap<String, String>();
    object.properties().forEach(entry -> all.put(entry.getKey(), entry.getValue().asText()));
    return all;
  }
}
