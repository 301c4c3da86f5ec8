package dev.slipway.demo.cluster.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import java.util.List;
import java.util.Optional;

/** Which groups, versions and resources there are, plainly and aggregated. */
public record Discovery(ResourceTypes types) {
  private static final String AGGREGATED = "as=APIGroupDiscoveryList";

  /** Answers {@code /api}, {@code /apis} and what is below them; empty for any other path. */
  public Optional<Reply> answer(ApiRequest request) {
    var path = request.path();
    var last = path.isEmpty() ? "" : path.getLast();
    boolean core = !path.isEmpty() && path.getFirst().equals("api");
    if (!core && (path.isEmpty() || !path.getFirst().equals("apis"))) {
      return Optional.empty();
    }
    return switch (path.size()) {
      case 1 -> {
        if (request.header("accept").contains(AGGREGATED)) {
          var groups = core ? List.of("") : namedGroups();
          yield Optional.of(AggregatedDiscovery.reply(request, types, groups));
        }
        yield Optional.of(Reply.json(200, core ? coreVersions() : groups()));
      }
      case 2 -> core ? resources("", last) : group(last).map(group -> Reply.json(200, group));
      case 3 -> core ? Optional.empty() : resources(path.get(1), last);
      default -> Optional.empty();
    };
  }

  private List<String> namedGroups() {
    return types.groups().stream().filter(group -> !group.isEmpty()).toList();
  }

  private static ObjectNode coreVersions() {
    var versions = Json.object().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", "127.0.0.1");
    return versions;
  }

  private ObjectNode groups() {
    var list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    var groups = list.putArray("groups");
    for (var group : namedGroups()) {
      groups.add(described(group));
    }
    return list;
  }

  private Optional<ObjectNode> group(String group) {
    if (group.isEmpty() || !types.groups().contains(group)) {
      return Optional.empty();
    }
    var described = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    described.setAll(described(group));
    return Optional.of(described);
  }

  private ObjectNode described(String group) {
    var described = Json.object().put("name", group);
    var versions = described.putArray("versions");
    var all = types.versions(group);
    all.forEach(version -> versions.add(version(group, version)));
    described.set("preferredVersion", version(group, all.getFirst()));
    return described;
  }

  private static ObjectNode version(String group, String version) {
    return Json.object().put("groupVersion", group + "/" + version).put("version", version);
  }

  private Optional<Reply> resources(String group, String version) {
    if (!types.knowsVersion(group, version)) {
      return Optional.empty();
    }
    var list = Json.object().put("kind", "APIResourceList");
    if (!group.isEmpty()) {
      list.put("apiVersion", "v1");
    }
    list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    var resources = list.putArray("resources");
    types
        .all()
        .filter(type -> type.group().equals(group) && type.version().equals(version))
        .forEach(type -> addTo(resources, type));
    return Optional.of(Reply.json(200, list));
  }

  private static void addTo(ArrayNode resources, ResourceType type) {
    var resource =
        resources
            .addObject()
            .put("name", type.plural())
            .put("singularName", type.singular())
            .put("namespaced", type.namespaced())
            .put("kind", type.kind());
    texts(resource, "verbs", type.verbs());
    texts(resource, "shortNames", type.shortNames());
    texts(resource, "categories", type.categories());
    for (var name : type.subresources()) {
      var subresource = Subresource.of(name, type);
      var entry =
          resources
              .addObject()
              .put("name", type.plural() + "/" + name)
              .put("singularName", "")
              .put("namespaced", type.namespaced());
      if (!subresource.group().equals(type.group())) {
        entry.put("group", subresource.group()).put("version", subresource.version());
      }
      entry.put("kind", subresource.kind());
      texts(entry, "verbs", subresource.verbs());
    }
  }

  static void texts(ObjectNode object, String field, List<String> values) {
    if (!values.isEmpty()) {
      var array = object.putArray(field);
      values.forEach(array::add);
    }
  }
}
