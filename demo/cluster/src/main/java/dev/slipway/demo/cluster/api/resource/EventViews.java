package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import java.util.Map;

/** Events are stored once and seen as core/v1 or as events.k8s.io/v1, under other field names. */
final class EventViews {
  private static final String NEWER = "events.k8s.io/v1";
  private static final Map<String, String> CORE_TO_NEWER =
      Map.of(
          "involvedObject", "regarding",
          "message", "note",
          "source", "deprecatedSource",
          "count", "deprecatedCount",
          "firstTimestamp", "deprecatedFirstTimestamp",
          "lastTimestamp", "deprecatedLastTimestamp",
          "reportingComponent", "reportingController");

  private EventViews() {}

  static ApiObject asStored(ApiObject event) {
    if (!event.apiVersion().equals(NEWER)) {
      return event;
    }
    var core = event.copy();
    core.json().put("apiVersion", "v1");
    CORE_TO_NEWER.forEach((ours, theirs) -> rename(core.json(), theirs, ours));
    return core;
  }

  static ApiObject asNewer(ApiObject stored) {
    var newer = stored.copy();
    newer.json().put("apiVersion", NEWER);
    CORE_TO_NEWER.forEach((ours, theirs) -> rename(newer.json(), ours, theirs));
    return newer;
  }

  private static void rename(ObjectNode object, String from, String to) {
    var value = object.remove(from);
    if (value != null) {
      object.set(to, value);
    }
  }
}
