package dev.slipway.demo.cluster.api.discovery;

import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import dev.slipway.demo.cluster.schema.ApiResource;
import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.OpenApi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@code /openapi/v3}: the index, and one document for each group and version. */
public final class OpenApiDocuments {
  private final ResourceTypes types;
  private final Map<List<ResourceType>, byte[]> documents = new ConcurrentHashMap<>();

  public OpenApiDocuments(ResourceTypes types) {
    this.types = types;
  }

  /** Empty for a path that is not one of ours; v2 is not served, so that clients take v3. */
  public Optional<Reply> answer(ApiRequest request) {
    var path = request.path();
    if (path.size() < 2 || !path.getFirst().equals("openapi") || !path.get(1).equals("v3")) {
      return Optional.empty();
    }
    if (path.size() == 2) {
      return Optional.of(index());
    }
    boolean core = path.get(2).equals("api") && path.size() == 4;
    boolean grouped = path.get(2).equals("apis") && path.size() == 5;
    if (!core && !grouped) {
      return Optional.empty();
    }
    return document(request, core ? "" : path.get(3), path.getLast());
  }

  private Reply index() {
    var index = Json.object();
    var paths = index.putObject("paths");
    for (var group : types.groups()) {
      for (var version : types.versions(group)) {
        var path = group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
        var hash = Kept.hash(bytes(group, version));
        paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
      }
    }
    return new Reply.Bytes(200, "text/plain; charset=utf-8", Json.bytes(index), Map.of());
  }

  private Optional<Reply> document(ApiRequest request, String group, String version) {
    if (!types.knowsVersion(group, version)) {
      return Optional.empty();
    }
    return Optional.of(
        Kept.reply(
            request,
            "application/json",
            bytes(group, version),
            request.query().has("hash") ? "public, immutable" : "no-cache, private"));
  }

  private byte[] bytes(String group, String version) {
    var served =
        types
            .all()
            .filter(type -> type.group().equals(group) && type.version().equals(version))
            .toList();
    return documents.computeIfAbsent(
        served,
        _ -> {
          var resources = new LinkedHashMap<ApiResource, Kind>();
          served.forEach(type -> resources.put(type.asApiResource(), type.rules()));
          return Json.bytes(OpenApi.document(group, version, resources));
        });
  }
}
