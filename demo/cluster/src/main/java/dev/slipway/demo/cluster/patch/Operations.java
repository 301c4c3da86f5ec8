package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.schema.Rejected;
import io.fabric8.zjsonpatch.CompatibilityFlags;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.EnumSet;
import java.util.Locale;

/** JSON patch, RFC 6902. */
final class Operations {
  private Operations() {}

  /**
   * Applies a list of operations.
   *
   * @throws Rejected 400 when it is no list of operations, 422 when one cannot be carried out
   */
  static JsonNode apply(JsonNode target, JsonNode operations) {
    if (!operations.isArray()) {
      throw Rejected.badRequest(
          "error decoding patch: json: cannot unmarshal %s into Go value of type []handlers.jsonPatchOp"
              .formatted(operations.getNodeType().toString().toLowerCase(Locale.ROOT)));
    }
    try {
      return JsonPatch.apply(
          operations, target, EnumSet.of(CompatibilityFlags.FORBID_REMOVE_MISSING_OBJECT));
    } catch (JsonPatchException e) {
      throw Rejected.unprocessable();
    }
  }
}
