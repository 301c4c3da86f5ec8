package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.patch.PatchType;
import dev.slipway.demo.cluster.patch.Write;
import dev.slipway.demo.cluster.schema.Body;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Create, update and patch: from the body of a request to the stored object. */
final class Writing {
  private static final ResourceName NAMESPACES = new ResourceName("", "namespaces");

  private final Store store;
  private final List<Admission> admissions;
  private final InstantSource clock;
  private final NameSuffix suffixes = new NameSuffix();

  Writing(Store store, List<Admission> admissions, InstantSource clock) {
    this.store = store;
    this.admissions = List.copyOf(admissions);
    this.clock = clock;
  }

  /**
   * What a write came to.
   *
   * @param created false when it changed what was there
   */
  record Written(ApiObject object, boolean created) {}

  Written create(Call call) {
    var body = call.body(call.type().kind());
    var named = named(call, body.object().deepCopy());
    requireNamespace(call, named.name());
    var result = call.write(now()).create(new Body(named.json(), body.duplicates()));
    result.warnings().forEach(call.request().warn());
    return new Written(add(call, new ApiObject(result.object())), true);
  }

  Written update(Call call) {
    var body = call.body(call.type().kind());
    return store.atomically(
        () -> {
          var stored = store.get(call.key()).orElseThrow(() -> missing(call));
          var shown = Views.shown(stored, call.type());
          return new Written(
              finish(call, stored, call.write(now()).update(shown.json(), body)), false);
        });
  }

  Written patch(Call call) {
    var contentType = call.request().header("content-type");
    var type = PatchType.parse(contentType, call.type().rules());
    var force = call.query().has("force") ? call.query().isTrue("force") : null;
    return store.atomically(
        () -> {
          @Nullable ApiObject stored = store.get(call.key()).orElse(null);
          var shown = stored == null ? null : Views.shown(stored, call.type()).json();
          if (stored == null && type == PatchType.APPLY) {
            requireNamespace(call, call.path().name());
          }
          var result =
              call.write(now())
                  .patch(
                      type,
                      call.request().body(),
                      call.path().namespace(),
                      call.path().name(),
                      shown,
                      force);
          if (stored == null) {
            result.warnings().forEach(call.request().warn());
            return new Written(add(call, new ApiObject(result.object())), true);
          }
          return new Written(finish(call, stored, result), false);
        });
  }

  private ApiObject add(Call call, ApiObject object) {
    var metadata = object.metadata();
    // A Job has one already: its selector holds it.
    metadata.putIfAbsent("uid", metadata.textNode(UUID.randomUUID().toString()));
    metadata.put("creationTimestamp", now().toString());
    metadata.remove(
        List.of("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
    return store.atomically(
        () -> {
          var key = call.key(object.name());
          var existing = store.get(key);
          if (existing.isPresent()) {
            throw Rejected.alreadyExists(
                call.type().resource(), object.name(), existing.get().deleting());
          }
          admit(call, Optional.empty(), object);
          return call.dryRun() ? object : shown(call, store.put(key, Views.stored(object)));
        });
  }

  private ApiObject finish(Call call, ApiObject stored, Write.Result result) {
    result.warnings().forEach(call.request().warn());
    if (!result.changed()) {
      return shown(call, stored);
    }
    var object = new ApiObject(result.object());
    admit(call, Optional.of(stored), object);
    object.metadata().put("resourceVersion", stored.resourceVersion());
    if (call.dryRun()) {
      return object;
    }
    if (object.deleting() && !Deletion.holdsBack(object)) {
      store.remove(call.key());
      return object;
    }
    return shown(call, store.put(call.key(), Views.stored(object)));
  }

  private void admit(Call call, Optional<ApiObject> before, ApiObject object) {
    var attempt =
        new Admission.Attempt(
            call.user(),
            call.type(),
            call.path().subresource(),
            before,
            object,
            call.request().warn());
    admissions.forEach(admission -> admission.admit(attempt));
  }

  private ApiObject named(Call call, ObjectNode given) {
    var object = new ApiObject(given);
    var metadata = object.metadata();
    var namespace = object.namespace();
    if (!namespace.isEmpty() && !namespace.equals(call.path().namespace())) {
      throw Rejected.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    if (call.type().namespaced()) {
      metadata.put("namespace", call.path().namespace());
    }
    var prefix = metadata.path("generateName").asText("");
    if (object.name().isEmpty() && !prefix.isEmpty()) {
      metadata.put("name", suffixes.appendTo(prefix));
    }
    return object;
  }

  private void requireNamespace(Call call, String name) {
    if (!call.type().namespaced()) {
      return;
    }
    var namespace = call.path().namespace();
    var found =
        store
            .get(new Key(NAMESPACES, "", namespace))
            .orElseThrow(() -> Rejected.notFound(NAMESPACES, namespace));
    if (found.deleting()) {
      var error =
          Rejected.forbidden(
              call.type().resource(),
              name,
              "unable to create new content in namespace %s because it is being terminated"
                  .formatted(namespace));
      error
          .status()
          .withObjectProperty("details")
          .putArray("causes")
          .addObject()
          .put("reason", "NamespaceTerminating")
          .put("message", "namespace " + namespace + " is being terminated")
          .put("field", "metadata.namespace");
      throw error;
    }
  }

  private static ApiObject shown(Call call, ApiObject stored) {
    return Views.shown(stored, call.type());
  }

  private static Rejected missing(Call call) {
    return Rejected.notFound(call.type().resource(), call.path().name());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
