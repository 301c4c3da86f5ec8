package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.auth.User;
import dev.slipway.demo.cluster.api.http.Accept;
import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.http.Query;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.patch.Write;
import dev.slipway.demo.cluster.schema.Body;
import dev.slipway.demo.cluster.schema.FieldValidation;
import java.time.Instant;

/** One request on a resource, everything parsed: who asks what of which type and object. */
public record Call(
    ApiRequest request, User user, ResourceType type, RequestPath path, Verb verb, Accept accept) {

  public Query query() {
    return request.query();
  }

  public Key key() {
    return key(path.name());
  }

  public Key key(String name) {
    return new Key(type.storedAs(), path.namespace(), name);
  }

  public boolean dryRun() {
    return query().text("dryRun").equals("All");
  }

  /**
   * The object that this request sends.
   *
   * @param kind what messages call it
   */
  public Body body(String kind) {
    return Body.object(request.header("content-type"), request.body(), kind);
  }

  /** The way of this request's body to the object to store. */
  public Write write(Instant now) {
    boolean applies = request.header("content-type").startsWith("application/apply-patch");
    var manager = query().text("fieldManager");
    return new Write(
        type.asApiResource(),
        type.rules(),
        path.subresource(),
        manager.isEmpty() && !applies ? Write.managerOf(request.header("user-agent")) : manager,
        FieldValidation.parse(query().text("fieldValidation"), verb.options()),
        now);
  }
}
