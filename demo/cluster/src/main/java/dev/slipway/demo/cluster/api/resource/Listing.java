package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.storage.RevisionTooOld;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.storage.Store.Snapshot;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.List;
import java.util.Optional;

/** Lists: consistent pages of the objects that a selection admits. */
record Listing(Store store) {
  /**
   * One page.
   *
   * @param metadata of the list: resourceVersion, and where the next page begins
   * @param objects as they are shown in the version of the request
   */
  record Page(ObjectNode metadata, List<ApiObject> objects) {}

  Page page(Call call) {
    var selection = Selection.of(call);
    var query = call.query();
    long limit = ListOptions.limit(query);
    var token =
        Optional.of(query.text("continue")).filter(t -> !t.isEmpty()).map(ContinueToken::parse);
    var snapshot = snapshot(call, token);
    var admitted = snapshot.objects().stream().filter(selection::admits);
    if (token.isPresent()) {
      var after = token.get().after();
      admitted = admitted.filter(object -> position(object).compareTo(after) > 0);
    }
    var all = admitted.toList();
    var metadata = Json.object().put("resourceVersion", Long.toString(snapshot.revision()));
    boolean cut = limit > 0 && all.size() > limit;
    var page = cut ? all.subList(0, Math.toIntExact(limit)) : all;
    if (cut) {
      var next = new ContinueToken(snapshot.revision(), position(page.getLast()));
      metadata.put("continue", next.text());
      if (selection.isEverything()) {
        metadata.put("remainingItemCount", all.size() - page.size());
      }
    }
    return new Page(
        metadata, page.stream().map(object -> Views.shown(object, call.type())).toList());
  }

  private Snapshot snapshot(Call call, Optional<ContinueToken> token) {
    var resource = call.type().storedAs();
    var namespace = call.path().namespace();
    try {
      if (token.isPresent() && token.get().revision() > 0) {
        return store.listAt(resource, namespace, token.get().revision());
      }
      var exactly = ListOptions.exactRevision(call.query());
      if (exactly.isPresent()) {
        return store.listAt(resource, namespace, exactly.get());
      }
    } catch (RevisionTooOld e) {
      throw token.map(Listing::expired).orElseGet(Listing::expired);
    }
    ListOptions.requireReached(call.query(), store.revision());
    return store.list(resource, namespace);
  }

  private static Rejected expired(ContinueToken token) {
    var error =
        Rejected.gone(
            "The provided continue parameter is too old to display a consistent list result. You"
                + " can start a new list without the continue parameter, or use the continue token"
                + " in this response to retrieve the remainder of the results. Continuing with the"
                + " provided token results in an inconsistent list - objects that were created,"
                + " modified, or deleted between the time the first chunk was returned and now may"
                + " show up in the list.");
    error
        .status()
        .withObjectProperty("metadata")
        .put("continue", new ContinueToken(-1, token.after()).text());
    return error;
  }

  private static Rejected expired() {
    return Rejected.gone("The resourceVersion for the provided list is too old.");
  }

  private static String position(ApiObject object) {
    return object.namespace() + "/" + object.name();
  }
}
