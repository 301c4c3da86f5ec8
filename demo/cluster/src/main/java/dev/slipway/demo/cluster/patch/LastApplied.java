package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.Schema;

/**
 * What kubectl noted on an object when it merged on its own side. As kubectl it may go on with
 * server-side apply: fields that still are as noted give no conflict, and the note is renewed.
 */
final class LastApplied {
  private static final String NOTE = "kubectl.kubernetes.io/last-applied-configuration";
  private static final ObjectMapper JSON = new ObjectMapper();

  private LastApplied() {}

  /** The fields that this manager may take from whoever owns them. */
  static FieldSet allowed(Schema schema, ObjectNode live, String manager) {
    if (!isNoted(live, manager)) {
      return FieldSet.EMPTY;
    }
    try {
      var noted = JSON.readTree(live.at("/metadata/annotations").path(NOTE).asText());
      var since = Comparison.of(schema, noted, live);
      return AppliedFields.of(schema, noted)
          .difference(since.modified())
          .difference(since.removed());
    } catch (JsonProcessingException e) {
      return FieldSet.EMPTY;
    }
  }

  /** The merged object, with what has just been applied as its note, if it has one. */
  static ObjectNode renewed(ObjectNode merged, ObjectNode applied, String manager) {
    if (isNoted(merged, manager)) {
      merged.withObject("/metadata/annotations").put(NOTE, applied + "\n");
    }
    return merged;
  }

  private static boolean isNoted(ObjectNode object, String manager) {
    return manager.equals("kubectl") && object.at("/metadata/annotations").has(NOTE);
  }
}
