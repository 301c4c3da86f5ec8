package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.types.ResourceType;

/** Objects are stored in one version and shown in the one that the request names. */
final class Views {
  private Views() {}

  static ApiObject shown(ApiObject stored, ResourceType type) {
    if (stored.apiVersion().equals(type.apiVersion())) {
      return stored;
    }
    if (type.plural().equals("events") && type.group().equals("events.k8s.io")) {
      return EventViews.asNewer(stored);
    }
    var shown = stored.copy();
    shown.json().put("apiVersion", type.apiVersion());
    return shown;
  }

  static ApiObject stored(ApiObject shown) {
    return shown.kind().equals("Event") ? EventViews.asStored(shown) : shown;
  }
}
