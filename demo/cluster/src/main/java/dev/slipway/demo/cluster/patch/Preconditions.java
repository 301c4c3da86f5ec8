package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.ApiResource;
import dev.slipway.demo.cluster.schema.FieldError;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold between a request, its body and the stored object before anything is merged. */
final class Preconditions {
  private Preconditions() {}

  /** Refuses options that do not go with the type of the patch. */
  static void options(PatchType type, String manager, @Nullable Boolean force) {
    if (type == PatchType.APPLY && manager.isEmpty()) {
      throw invalidOption(FieldError.required("fieldManager", "is required for apply patch"));
    }
    if (type != PatchType.APPLY && force != null) {
      throw invalidOption(
          FieldError.forbidden("force", "may not be specified for non-apply patch"));
    }
  }

  private static Rejected invalidOption(FieldError error) {
    return Rejected.invalid("meta.k8s.io", "PatchOptions", "", List.of(error));
  }

  /** Expects an object. */
  static ObjectNode object(JsonNode body) {
    if (body instanceof ObjectNode object) {
      return object;
    }
    throw Rejected.badRequest(
        "error decoding patch: json: cannot unmarshal into Go value of type map[string]interface"
            + " {}");
  }

  /**
   * Expects an object of the kind that the URL names; a missing apiVersion or kind is filled in.
   */
  static ObjectNode type(JsonNode body, ApiResource resource) {
    ObjectNode object = object(body).deepCopy();
    String apiVersion = object.path("apiVersion").asText();
    if (apiVersion.isEmpty()) {
      object.put("apiVersion", resource.apiVersion());
    } else if (!apiVersion.equals(resource.apiVersion())) {
      throw Rejected.badRequest(
          "the API version in the data (%s) does not match the expected API version (%s)"
              .formatted(apiVersion, resource.apiVersion()));
    }
    String kind = object.path("kind").asText();
    if (kind.isEmpty()) {
      object.put("kind", resource.kind());
    } else if (!kind.equals(resource.kind())) {
      throw Rejected.invalid(
          resource.group(),
          kind,
          object.at("/metadata/name").asText(),
          List.of(FieldError.invalid("kind", '"' + kind + '"', "must be " + resource.kind())));
    }
    return object;
  }

  /** Expects the name of the URL, if any. */
  static void name(JsonNode object, String name) {
    String given = object.at("/metadata/name").asText();
    if (!given.isEmpty() && !given.equals(name)) {
      throw Rejected.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(given, name));
    }
  }

  /** Expects that the object has not moved since the writer saw it, if the writer says when. */
  static void unmoved(Write write, ObjectNode stored, JsonNode object) {
    ApiResource resource = write.resource();
    String name = stored.at("/metadata/name").asText();
    String seen = object.at("/metadata/resourceVersion").asText();
    if (!seen.isEmpty() && !seen.equals(stored.at("/metadata/resourceVersion").asText())) {
      throw Rejected.conflict(
          resource.name(),
          name,
          "the object has been modified; please apply your changes to the latest version and try"
              + " again");
    }
    String uid = object.at("/metadata/uid").asText();
    String actual = stored.at("/metadata/uid").asText();
    if (!uid.isEmpty() && !uid.equals(actual)) {
      String folder = resource.group().isEmpty() ? "" : resource.group() + "/";
      String namespace = stored.at("/metadata/namespace").asText();
      String place = namespace.isEmpty() ? "" : "/" + namespace;
      throw Rejected.conflict(
          resource.name(),
          name,
          ("StorageError: invalid object, Code: 4, Key: /registry/%s%s/%s, ResourceVersion: 0,"
                  + " AdditionalErrorMsg: Precondition failed: UID in precondition: %s, UID in object"
                  + " meta: %s")
              .formatted(folder, resource.plural() + place, name, uid, actual));
    }
  }
}
