package dev.slipway.demo.cluster.api;

import dev.slipway.demo.cluster.api.auth.Authenticator;
import dev.slipway.demo.cluster.api.auth.Impersonation;
import dev.slipway.demo.cluster.api.auth.User;
import dev.slipway.demo.cluster.api.discovery.Discovery;
import dev.slipway.demo.cluster.api.discovery.OpenApiDocuments;
import dev.slipway.demo.cluster.api.discovery.ServerFacts;
import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.http.Handler;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.rbac.Action;
import dev.slipway.demo.cluster.api.rbac.Authorizer;
import dev.slipway.demo.cluster.api.resource.Call;
import dev.slipway.demo.cluster.api.resource.RequestPath;
import dev.slipway.demo.cluster.api.resource.Verb;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Leads every request to the part that answers it, once it is known who asks. */
final class Router implements Handler {
  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final ResourceTypes types;
  private final ServerFacts facts = new ServerFacts();
  private final Discovery discovery;
  private final OpenApiDocuments openApi;
  private final ResourceRoutes resources;

  Router(
      Authenticator authenticator,
      Authorizer authorizer,
      ResourceTypes types,
      ResourceRoutes resources) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
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
    var user = user(request);
    var path = RequestPath.parse(request.path());
    if (path.isPresent() && types.knowsVersion(path.get().group(), path.get().version())) {
      return resources.answer(call(request, user, path.get()));
    }
    requireAllowed(user, request);
    return Stream.<Supplier<Optional<Reply>>>of(
            () -> facts.answer(request),
            () -> discovery.answer(request),
            () -> openApi.answer(request))
        .map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> Reply.text(404, "404 page not found\n"));
  }

  private User user(ApiRequest request) {
    var user = authenticator.user(request);
    var wanted = Impersonation.wanted(request);
    wanted.ifPresent(
        other ->
            authorizer.require(
                user,
                new Action.OnResource(
                    "impersonate", new ResourceName("", "users"), "", other.name(), "")));
    return wanted.orElse(user);
  }

  private void requireAllowed(User user, ApiRequest request) {
    var path = "/" + String.join("/", request.path());
    var verb = request.method().toLowerCase(Locale.ROOT);
    if (!authorizer.allows(user, new Action.OnPath(verb, path))) {
      throw Rejected.of(
          403,
          "Forbidden",
          "forbidden: User \"" + user.name() + "\" cannot " + verb + " path \"" + path + "\"");
    }
  }

  private Call call(ApiRequest request, User user, RequestPath path) {
    var type =
        types
            .find(path.group(), path.version(), path.plural())
            .orElseThrow(Rejected::unknownResource);
    requireFits(type, path);
    return new Call(request, user, type, path, Verb.of(request, path), request.accept());
  }

  private static void requireFits(ResourceType type, RequestPath path) {
    boolean subresourceKnown =
        path.subresource().isEmpty() || type.subresources().contains(path.subresource());
    boolean clusterWideInNamespace = !type.namespaced() && !path.namespace().isEmpty();
    if (!subresourceKnown || clusterWideInNamespace) {
      throw Rejected.unknownResource();
    }
  }
}
