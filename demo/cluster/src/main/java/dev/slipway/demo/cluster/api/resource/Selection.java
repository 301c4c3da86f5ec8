package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.select.FieldSelector;
import dev.slipway.demo.cluster.api.select.LabelSelector;
import dev.slipway.demo.cluster.api.types.ResourceType;

/** Which objects of a type a list or watch is about; sees them in the version of the request. */
record Selection(ResourceType type, String namespace, LabelSelector labels, FieldSelector fields) {

  static Selection of(Call call) {
    return new Selection(
        call.type(),
        call.path().namespace(),
        LabelSelector.parse(call.query().text("labelSelector")),
        FieldSelector.parse(fieldsOf(call), call.type()));
  }

  private static String fieldsOf(Call call) {
    var given = call.query().text("fieldSelector");
    if (call.path().name().isEmpty()) {
      return given;
    }
    var byName = "metadata.name=" + call.path().name();
    return given.isEmpty() ? byName : byName + "," + given;
  }

  boolean isEverything() {
    return labels.isEmpty() && fields.isEmpty();
  }

  boolean admits(ApiObject stored) {
    return (namespace.isEmpty() || stored.namespace().equals(namespace))
        && labels.admits(stored.labels())
        && (fields.isEmpty() || fields.admits(Views.shown(stored, type)));
  }
}
