package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.ApiResource;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.List;
import java.util.stream.Collectors;

/** The {@code autoscaling/v1} view of an object that has replicas. */
public final class Scale {
  private Scale() {}

  /** The Scale to answer for an object with {@code spec.replicas}. */
  public static ObjectNode of(ObjectNode object) {
    ObjectNode scale =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "Scale")
            .put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      if (object.path("metadata").has(field)) {
        metadata.set(field, object.path("metadata").get(field));
      }
    }
    ObjectNode spec = scale.putObject("spec");
    int replicas = object.at("/spec/replicas").asInt();
    if (replicas != 0) {
      spec.put("replicas", replicas);
    }
    ObjectNode status = scale.putObject("status");
    status.put("replicas", object.at("/status/replicas").asInt());
    String selector =
        object.at("/spec/selector/matchLabels").properties().stream()
            .map(each -> each.getKey() + "=" + each.getValue().asText())
            .sorted()
            .collect(Collectors.joining(","));
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return scale;
  }

  /** The object with the replicas of a submitted Scale, whose resourceVersion counts. */
  static ObjectNode writeTo(ObjectNode object, JsonNode scale) {
    ObjectNode scaled = object.deepCopy();
    JsonNode replicas = scale.at("/spec/replicas");
    if (replicas.isNumber() || replicas.isMissingNode()) {
      scaled.withObjectProperty("spec").put("replicas", replicas.asInt());
    } else {
      throw Rejected.badRequest("spec.replicas must be a number");
    }
    JsonNode seen = scale.at("/metadata/resourceVersion");
    if (seen.isTextual() && !seen.asText().isEmpty()) {
      scaled.withObjectProperty("metadata").set("resourceVersion", seen);
    }
    return scaled;
  }

  /** What an applied Scale means for the object itself. */
  static ObjectNode asApplied(ApiResource resource, ObjectNode scale) {
    ObjectNode applied =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", resource.apiVersion())
            .put("kind", resource.kind());
    applied.set("metadata", scale.path("metadata").deepCopy());
    if (scale.at("/spec").has("replicas")) {
      applied.putObject("spec").set("replicas", scale.at("/spec/replicas"));
    }
    return applied;
  }
}
