package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.table.Tables;
import java.time.InstantSource;
import java.util.List;

/** Shows objects in the form that the client asked for: whole, as a table, metadata only. */
final class Rendering {
  private final Tables tables;

  Rendering(InstantSource clock) {
    this.tables = new Tables(clock);
  }

  ObjectNode one(Call call, ApiObject object) {
    if (call.accept().isTable()) {
      var metadata = Json.object().put("resourceVersion", object.resourceVersion());
      return table(call, List.of(object), metadata, true);
    }
    return call.accept().isMetadataOnly() ? Tables.partial(object) : object.json();
  }

  /** One object of a watch in which others may have been shown before. */
  ObjectNode next(Call call, ApiObject object, boolean first) {
    if (call.accept().isTable()) {
      var metadata = Json.object().put("resourceVersion", object.resourceVersion());
      return table(call, List.of(object), metadata, first);
    }
    return one(call, object);
  }

  ObjectNode list(Call call, ObjectNode metadata, List<ApiObject> objects) {
    if (call.accept().isTable()) {
      return table(call, objects, metadata, true);
    }
    var list = Json.object();
    boolean partial = call.accept().isMetadataOnly();
    list.put("kind", partial ? "PartialObjectMetadataList" : call.type().kind() + "List");
    list.put("apiVersion", partial ? "meta.k8s.io/v1" : call.type().apiVersion());
    if (!partial && call.type().custom().isPresent() && !metadata.has("continue")) {
      // Lists of custom resources say so when there is no more.
      metadata.put("continue", "");
    }
    list.set("metadata", metadata);
    var items = list.putArray("items");
    for (var object : objects) {
      items.add(partial ? Tables.partial(object) : item(call, object));
    }
    if (partial && objects.isEmpty()) {
      list.putNull("items"); // so does a real server, with which clients have to get along
    }
    return list;
  }

  private static ObjectNode item(Call call, ApiObject object) {
    if (call.type().custom().isPresent()) {
      return object.json();
    }
    // Items of built-in lists do not repeat what the list says.
    var item = Json.object();
    object
        .json()
        .properties()
        .forEach(
            field -> {
              if (!field.getKey().equals("kind") && !field.getKey().equals("apiVersion")) {
                item.set(field.getKey(), field.getValue());
              }
            });
    return item;
  }

  private ObjectNode table(
      Call call, List<ApiObject> objects, ObjectNode metadata, boolean withColumns) {
    return tables.of(
        call.type(), objects, metadata, call.query().text("includeObject"), withColumns);
  }
}
