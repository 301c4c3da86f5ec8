package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.patch.ManagedFields.Owner;
import dev.slipway.demo.cluster.patch.ServerSideApply.State;
import dev.slipway.demo.cluster.schema.ApiResource;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes an apply request through its checks to {@link ServerSideApply}. */
record ApplyRequest(Write write, String namespace, String name) {

  Write.Result apply(JsonNode body, @Nullable ObjectNode stored, boolean force) {
    ObjectNode applied = checked(body);
    if (stored == null && !write.subresource().isEmpty()) {
      throw Rejected.notFound(write.resource().name(), name);
    }
    Owner owner = Owner.applier(write.manager(), write.subresource());
    if (stored == null) {
      requireNoUid(applied);
      State nothing = new State(JsonNodeFactory.instance.objectNode(), ManagedFields.NONE);
      State created = write.ownership().apply(nothing, applied, owner, force);
      ObjectNode object = write.kind().withDefaults(created.object());
      ObjectNode metadata = object.withObjectProperty("metadata");
      metadata.put("name", name).remove("resourceVersion");
      if (!namespace.isEmpty()) {
        metadata.put("namespace", namespace);
      }
      return write.createdByApply(created.owners().writeTo(object));
    }
    State merged = write.ownership().apply(State.of(stored), applied, owner, force);
    ObjectNode object =
        write.kind().withDefaults(LastApplied.renewed(merged.object(), applied, owner.name()));
    Preconditions.unmoved(write, stored, object);
    return write.finished(stored, merged.owners().writeTo(object), List.of());
  }

  private ObjectNode checked(JsonNode body) {
    ObjectNode applied = Preconditions.object(body);
    ApiResource resource = write.resource();
    boolean isScale = write.subresource().equals("scale");
    String apiVersion = isScale ? "autoscaling/v1" : resource.apiVersion();
    String kind = isScale ? "Scale" : resource.kind();
    if (!applied.path("apiVersion").asText().equals(apiVersion)
        || !applied.path("kind").asText().equals(kind)) {
      throw wrongType(applied);
    }
    if (isScale) {
      applied = Scale.asApplied(resource, applied);
    }
    Preconditions.name(applied, name);
    String problems = SchemaFit.check(write.kind().schema(), applied);
    if (!problems.isEmpty()) {
      throw Rejected.internal(
          "failed to create typed patch object (%s/%s; %s, Kind=%s): %s"
              .formatted(
                  applied.at("/metadata/namespace").asText(),
                  name,
                  resource.group().isEmpty() ? "/" + resource.version() : resource.apiVersion(),
                  resource.kind(),
                  problems));
    }
    if (applied.path("metadata").has("managedFields")) {
      throw Rejected.badRequest("metadata.managedFields must be nil");
    }
    return applied;
  }

  private static Rejected wrongType(ObjectNode applied) {
    String apiVersion = applied.path("apiVersion").asText();
    String shown = apiVersion.contains("/") ? apiVersion : "/" + apiVersion;
    return Rejected.badRequest(
        "invalid object type: " + shown + ", Kind=" + applied.path("kind").asText());
  }

  private void requireNoUid(ObjectNode applied) {
    String uid = applied.at("/metadata/uid").asText();
    if (!uid.isEmpty()) {
      throw Rejected.conflict(
          write.resource().name(),
          name,
          "uid mismatch: the provided object specified uid %s, and no existing object was found"
              .formatted(uid));
    }
  }
}
