package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.resource.DeleteOptions.Propagation;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.api.types.ResourceType.Trait;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deletes: at once, or by marking what finalizers, a node or a namespace's content hold back. */
public record Deletion(Store store, InstantSource clock) {
  private static final long DEFAULT_POD_GRACE_SECONDS = 30;

  /**
   * What a deletion came to.
   *
   * @param gone false when the object is only marked
   */
  record Outcome(ApiObject object, boolean gone) {}

  /** Deletes one object on behalf of a client. */
  Outcome delete(Key key, ResourceType type, DeleteOptions options) {
    return store.atomically(
        () -> {
          var stored =
              store.get(key).orElseThrow(() -> Rejected.notFound(type.resource(), key.name()));
          requirePreconditions(stored, type, options);
          var marked = marked(stored, type, options);
          boolean gone = !holdsBack(marked);
          if (options.dryRun()) {
            return new Outcome(gone ? stored : marked, gone);
          }
          if (gone) {
            return new Outcome(store.remove(key).orElse(stored), true);
          }
          return marked.json().equals(stored.json())
              ? new Outcome(stored, false)
              : new Outcome(store.put(key, marked), false);
        });
  }

  /** Deletes one object on behalf of the cluster; nothing happens when it has gone already. */
  public void collect(Key key, ResourceType type, boolean foreground) {
    var options =
        new DeleteOptions(
            Optional.empty(),
            Optional.of(foreground ? Propagation.FOREGROUND : Propagation.BACKGROUND),
            Optional.empty(),
            Optional.empty(),
            false);
    store.atomically(() -> store.get(key).map(present -> delete(key, type, options)));
  }

  /** Whether something still has to happen before a deleted object may go. */
  public static boolean holdsBack(ApiObject object) {
    return !isFree(object) || graceLeft(object) > 0;
  }

  private ApiObject marked(ApiObject stored, ResourceType type, DeleteOptions options) {
    var object = stored.copy();
    setFinalizers(object, type, options);
    long grace = grace(stored, type, options);
    var metadata = object.metadata();
    if (stored.deleting()) {
      if (grace < graceLeft(stored)) {
        metadata.put("deletionGracePeriodSeconds", grace);
      }
      return object;
    }
    if (isFree(object) && grace == 0) {
      return object;
    }
    var deadline = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(grace);
    metadata.put("deletionTimestamp", deadline.toString());
    if (type.kind().equals("Namespace")) {
      object.json().withObjectProperty("status").put("phase", "Terminating");
      return object;
    }
    metadata.put("deletionGracePeriodSeconds", grace);
    if (metadata.has("generation")) {
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    return object;
  }

  private static void setFinalizers(ApiObject object, ResourceType type, DeleteOptions options) {
    var chosen =
        options
            .propagation()
            .orElse(
                type.has(Trait.ORPHANS_BY_DEFAULT) ? Propagation.ORPHAN : Propagation.BACKGROUND);
    if (object.deleting() && options.propagation().isEmpty()) {
      return;
    }
    var finalizers = new ArrayList<>(object.finalizers());
    finalizers.removeAll(List.of("orphan", "foregroundDeletion"));
    switch (chosen) {
      case BACKGROUND -> {
        // Dependents follow when the owner has gone.
      }
      case FOREGROUND -> finalizers.add("foregroundDeletion");
      case ORPHAN -> finalizers.add("orphan");
    }
    if (finalizers.isEmpty()) {
      object.metadata().remove("finalizers");
    } else {
      var list = object.metadata().putArray("finalizers");
      finalizers.forEach(list::add);
    }
  }

  private static boolean isFree(ApiObject object) {
    return object.finalizers().isEmpty() && object.at("/spec/finalizers").isEmpty();
  }

  private static long graceLeft(ApiObject object) {
    return object.metadata().path("deletionGracePeriodSeconds").asLong();
  }

  /** Only a pod that a node runs is given time. */
  private static long grace(ApiObject object, ResourceType type, DeleteOptions options) {
    if (!type.kind().equals("Pod") || object.text("/spec/nodeName").isEmpty()) {
      return 0;
    }
    var phase = object.text("/status/phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return 0;
    }
    long own = object.at("/spec/terminationGracePeriodSeconds").asLong(DEFAULT_POD_GRACE_SECONDS);
    return options.gracePeriod().orElse(own);
  }

  private static void requirePreconditions(
      ApiObject stored, ResourceType type, DeleteOptions options) {
    var kind = new ResourceName(type.group(), type.kind());
    options
        .uid()
        .filter(uid -> !uid.equals(stored.uid()))
        .ifPresent(
            uid -> {
              throw Rejected.conflict(
                  kind,
                  stored.name(),
                  "the UID in the precondition (%s) does not match the UID in record (%s). The object might have been deleted and then recreated"
                      .formatted(uid, stored.uid()));
            });
    options
        .resourceVersion()
        .filter(version -> !version.equals(stored.resourceVersion()))
        .ifPresent(
            version -> {
              throw Rejected.conflict(
                  kind,
                  stored.name(),
                  "the ResourceVersion in the precondition ("
                      + version
                      + ") does not match the ResourceVersion in record ("
                      + stored.resourceVersion()
                      + "). The object might have been modified");
            });
  }
}
