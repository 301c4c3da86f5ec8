package dev.slipway.demo.cluster.api;

import dev.slipway.demo.cluster.api.auth.Authenticator;
import dev.slipway.demo.cluster.api.auth.User;
import dev.slipway.demo.cluster.api.discovery.Discovery;
import dev.slipway.demo.cluster.api.discovery.OpenApiDocuments;
import dev.slipway.demo.cluster.api.discovery.ServerFacts;
import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.http.Handler;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.http.StatusError;
import dev.slipway.demo.cluster.api.resource.Call;
import dev.slipway.demo.cluster.api.resource.RequestPath;
import dev.slipway.demo.cluster.api.resource.Verb;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Leads every request to the part that answers it, once it is known who asks. */
final class Router implements Handler {
  private final Authenticator authenticator;
  private final ResourceTypes types;
  private final ServerFacts facts = new ServerFacts();
  private final Discovery discovery;
  private final OpenApiDocuments openApi;
  private final ResourceRoutes resources;

  Router(Authenticator authenticator, ResourceTypes types, ResourceRoutes resources) {
    this.authenticator = authenticator;
    this.types = types;
    this.discovery = new Discovery(types);
    this.openApi = new OpenApiDocuments(types);
    this.resources = resources;
  }

  @Override
  public Reply handle(ApiRequest request) throws InterruptedException {
    if (request.header("upgrade").equalsIgnoreCase("websocket")) {
      // Not spoken here; clients that try it first fall back to plain HTTP on this answer.
      return Reply.empty(200);
    }
    var user = authenticator.user(request);
    var path = RequestPath.parse(request.path());
    if (path.isPresent() && types.knowsVersion(path.get().group(), path.get().version())) {
      return resources.answer(call(request, user, path.get()));
    }
    return Stream.<Supplier<Optional<Reply>>>of(
            () -> facts.answer(request),
            () -> discovery.answer(request),
            () -> openApi.answer(request))
        .map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> Reply.text(404, "404 page not found\n"));
  }

  private Call call(ApiRequest request, User user, RequestPath path) {
    var type =
        types
            .find(path.group(), path.version(), path.plural())
            .orElseThrow(StatusError::unknownResource);
    requireFits(type, path);
    return new Call(request, user, type, path, Verb.of(request, path), request.accept());
  }

  private static void requireFits(ResourceType type, RequestPath path) {
    boolean subresourceKnown =
        path.subresource().isEmpty() || type.subresources().contains(path.subresource());
    boolean clusterWideInNamespace = !type.namespaced() && !path.namespace().isEmpty();
    if (!subresourceKnown || clusterWideInNamespace) {
      throw StatusError.unknownResource();
    }
  }
}
