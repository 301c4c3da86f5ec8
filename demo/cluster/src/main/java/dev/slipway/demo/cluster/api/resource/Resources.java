package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceType.Trait;
import dev.slipway.demo.cluster.patch.Scale;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.InstantSource;
import java.util.List;

/** The verbs on stored resources, each answered in the form that the client asked for. */
public final class Resources {
  private final Store store;
  private final Rendering rendering;
  private final Listing listing;
  private final Watching watching;
  private final Writing writing;
  private final Deletion deletion;

  public Resources(
      Store store, List<Admission> admissions, Deletion deletion, InstantSource clock) {
    this.store = store;
    this.deletion = deletion;
    this.rendering = new Rendering(clock);
    this.listing = new Listing(store);
    this.watching = new Watching(store, rendering);
    this.writing = new Writing(store, admissions, clock);
  }

  /** Answers a request on an object, a collection, or the subresources status and scale. */
  public Reply handle(Call call) {
    return switch (call.verb()) {
      case GET -> object(200, call, get(call));
      case LIST -> list(call);
      case WATCH -> watching.watch(call);
      case CREATE -> object(201, call, writing.create(call).object());
      case UPDATE -> object(200, call, writing.update(call).object());
      case PATCH -> {
        var written = writing.patch(call);
        yield object(written.created() ? 201 : 200, call, written.object());
      }
      case DELETE -> delete(call);
      case DELETECOLLECTION -> deleteCollection(call);
    };
  }

  /**
   * The object that a request names, as it is stored.
   *
   * @throws Rejected 404 when there is none
   */
  public ApiObject stored(Call call) {
    return store
        .get(call.key())
        .orElseThrow(() -> Rejected.notFound(call.type().resource(), call.path().name()));
  }

  /** Deletes the pod that a request names; {@code options} may be missing. */
  public void evict(Call call, JsonNode options) {
    deletion.delete(call.key(), call.type(), DeleteOptions.of(call, options));
  }

  private ApiObject get(Call call) {
    return Views.shown(stored(call), call.type());
  }

  private Reply list(Call call) {
    var page = listing.page(call);
    return Reply.formatted(
        200, rendering.list(call, page.metadata(), page.objects()), call.accept());
  }

  private Reply delete(Call call) {
    var options = DeleteOptions.of(call);
    if (call.type().has(Trait.ORPHANS_BY_DEFAULT) && options.propagation().isEmpty()) {
      call.request()
          .warn()
          .accept(
              "child pods are preserved by default when jobs are deleted; set"
                  + " propagationPolicy=Background to remove them or set"
                  + " propagationPolicy=Orphan to suppress this warning");
    }
    var outcome = deletion.delete(call.key(), call.type(), options);
    var shown = Views.shown(outcome.object(), call.type());
    if (!outcome.gone() || call.type().kind().equals("Pod")) {
      return object(200, call, shown);
    }
    return Reply.formatted(200, success(call, shown), call.accept());
  }

  private static ObjectNode success(Call call, ApiObject object) {
    var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    status.set(
        "details",
        Rejected.details(call.type().resource(), object.name()).put("uid", object.uid()));
    return status;
  }

  private Reply deleteCollection(Call call) {
    var options = DeleteOptions.of(call);
    var page = listing.page(call);
    for (var object : page.objects()) {
      var key = new Key(call.type().storedAs(), object.namespace(), object.name());
      deletion.delete(key, call.type(), options);
    }
    return Reply.formatted(
        200, rendering.list(call, page.metadata(), page.objects()), call.accept());
  }

  private Reply object(int status, Call call, ApiObject object) {
    var shown =
        call.path().subresource().equals("scale")
            ? Scale.of(object.json())
            : rendering.one(call, object);
    return Reply.formatted(status, shown, call.accept());
  }
}
