package dev.slipway.demo.cluster.api.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import java.util.List;

/** All groups with all their resources in one document, as kubectl asks for it first. */
final class AggregatedDiscovery {
  private AggregatedDiscovery() {}

  static Reply reply(ApiRequest request, ResourceTypes types, List<String> groups) {
    // kubectl offers v2 first and v2beta1 after it.
    var version = request.header("accept").contains("v=v2;") ? "v2" : version(request);
    var body = Json.bytes(document(types, groups, version));
    var contentType =
        "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
    return Kept.reply(request, contentType, body, "public");
  }

  private static String version(ApiRequest request) {
    return request.header("accept").contains("v2beta1")
            && !request.header("accept").matches(".*v=v2(?!beta).*")
        ? "v2beta1"
        : "v2";
  }

  private static ObjectNode document(ResourceTypes types, List<String> groups, String version) {
    var list = Json.object().put("kind", "APIGroupDiscoveryList");
    list.put("apiVersion", "apidiscovery.k8s.io/" + version);
    list.putObject("metadata");
    var items = list.putArray("items");
    for (var group : groups) {
      var item = items.addObject();
      var metadata = item.putObject("metadata");
      if (!group.isEmpty()) {
        metadata.put("name", group);
      }
      var versions = item.putArray("versions");
      for (var each : types.versions(group)) {
        var entry = versions.addObject().put("version", each);
        var resources = entry.putArray("resources");
        types
            .all()
            .filter(type -> type.group().equals(group) && type.version().equals(each))
            .forEach(type -> resources.add(resource(type)));
        entry.put("freshness", "Current");
      }
    }
    return list;
  }

  private static ObjectNode resource(ResourceType type) {
    var resource = Json.object().put("resource", type.plural());
    resource.set("responseKind", responseKind(type, type.group(), type.version(), type.kind()));
    resource.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
    resource.put("singularResource", type.singular());
    Discovery.texts(resource, "verbs", type.verbs());
    Discovery.texts(resource, "shortNames", type.shortNames());
    Discovery.texts(resource, "categories", type.categories());
    if (!type.subresources().isEmpty()) {
      var all = resource.putArray("subresources");
      for (var name : type.subresources()) {
        var described = Subresource.of(name, type);
        var subresource = all.addObject().put("subresource", name);
        subresource.set(
            "responseKind",
            responseKind(type, described.group(), described.version(), described.kind()));
        Discovery.texts(subresource, "verbs", described.verbs());
      }
    }
    return resource;
  }

  private static ObjectNode responseKind(
      ResourceType type, String group, String version, String kind) {
    // Left empty by a real server where a built-in kind answers for itself.
    boolean own = type.custom().isEmpty() && group.equals(type.group());
    return Json.object()
        .put("group", own ? "" : group)
        .put("version", own ? "" : version)
        .put("kind", kind);
  }
}
