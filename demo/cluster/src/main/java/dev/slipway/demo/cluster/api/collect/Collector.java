package dev.slipway.demo.cluster.api.collect;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.resource.Deletion;
import dev.slipway.demo.cluster.api.storage.Change;
import dev.slipway.demo.cluster.api.storage.ChangeFeed;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.RevisionTooOld;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows every change and removes what goes away by itself, on a thread of its own. */
public final class Collector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);
  private static final ResourceName NAMESPACES = new ResourceName("", "namespaces");

  private final Store store;
  private final ChangeFeed changes;
  private final ResourceTypes types;
  private final Deletion deletion;
  private final Map<String, Key> present = new HashMap<>();
  private final Map<String, Set<Key>> dependents = new HashMap<>();
  private final Thread thread;

  private Collector(Store store, ResourceTypes types, Deletion deletion, ChangeFeed changes) {
    this.store = store;
    this.changes = changes;
    this.types = types;
    this.deletion = deletion;
    this.thread = Thread.ofVirtual().name("collector").unstarted(this::run);
  }

  /** Starts before the first change. */
  public static Collector start(Store store, ResourceTypes types, Deletion deletion) {
    try {
      var collector = new Collector(store, types, deletion, store.allChanges(1));
      collector.thread.start();
      return collector;
    } catch (RevisionTooOld e) {
      throw new IllegalStateException("The collector starts before the first change", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try (changes) {
      while (true) {
        var change = changes.next();
        try {
          follow(change);
        } catch (RuntimeException e) {
          log.warn("Cannot collect after {} of {}", change.type(), change.key(), e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(Change change) {
    var object = change.after();
    if (change.type() == Change.Type.DELETED) {
      present.remove(object.uid());
      object.owners().forEach(owner -> without(owner.uid(), change.key()));
      orphaned(object.uid());
      object.owners().forEach(owner -> ownerMayGo(owner.uid()));
      namespaceMayGo(object.namespace());
      return;
    }
    present.put(object.uid(), change.key());
    object
        .owners()
        .forEach(
            owner ->
                dependents.computeIfAbsent(owner.uid(), _ -> new HashSet<>()).add(change.key()));
    collectWithoutOwners(change.key());
    if (object.deleting()) {
      release(change.key());
      if (change.key().resource().equals(NAMESPACES)) {
        empty(object.name());
      }
    }
  }

  private void without(String owner, Key dependent) {
    var all = dependents.get(owner);
    if (all != null) {
      all.remove(dependent);
      if (all.isEmpty()) {
        dependents.remove(owner);
      }
    }
  }

  private void orphaned(String owner) {
    for (var key : dependentsOf(owner)) {
      collectWithoutOwners(key);
    }
  }

  /** An object goes when it names owners and none of them exists. */
  private void collectWithoutOwners(Key key) {
    store
        .get(key)
        .filter(object -> !object.owners().isEmpty() && !object.deleting())
        .filter(object -> object.owners().stream().noneMatch(owner -> exists(owner, object)))
        .ifPresent(object -> collect(key, false));
  }

  private boolean exists(ApiObject.Owner owner, ApiObject dependent) {
    var key = present.get(owner.uid());
    return key != null
        && (key.namespace().isEmpty() || key.namespace().equals(dependent.namespace()));
  }

  private void ownerMayGo(String owner) {
    var key = present.get(owner);
    if (key != null) {
      release(key);
    }
  }

  /** Takes the collector's own finalizers off an owner once its dependents are seen to. */
  private void release(Key key) {
    var owner = store.get(key).filter(ApiObject::deleting);
    owner
        .filter(object -> object.finalizers().contains("orphan"))
        .ifPresent(
            object -> {
              dependentsOf(object.uid()).forEach(dependent -> disown(dependent, object.uid()));
              removeFinalizer(key, "orphan");
            });
    owner
        .filter(object -> object.finalizers().contains("foregroundDeletion"))
        .ifPresent(
            object -> {
              var left = dependentsOf(object.uid());
              left.forEach(dependent -> collect(dependent, hasDependents(dependent)));
              if (left.stream().noneMatch(dependent -> blocks(dependent, object.uid()))) {
                removeFinalizer(key, "foregroundDeletion");
              }
            });
  }

  private boolean hasDependents(Key key) {
    return store.get(key).filter(object -> !dependentsOf(object.uid()).isEmpty()).isPresent();
  }

  private boolean blocks(Key dependent, String owner) {
    return store
        .get(dependent)
        .filter(
            object ->
                object.owners().stream()
                    .anyMatch(each -> each.uid().equals(owner) && each.blocks()))
        .isPresent();
  }

  private void disown(Key dependent, String owner) {
    store.atomically(
        () ->
            store
                .get(dependent)
                .map(
                    object -> {
                      var copy = object.copy();
                      var references = copy.metadata().withArrayProperty("ownerReferences");
                      references.removeIf(each -> each.path("uid").asText().equals(owner));
                      if (references.isEmpty()) {
                        copy.metadata().remove("ownerReferences");
                      }
                      without(owner, dependent);
                      return store.put(dependent, copy);
                    }));
  }

  private void removeFinalizer(Key key, String finalizer) {
    store.atomically(
        () ->
            store
                .get(key)
                .map(
                    object -> {
                      var copy = object.copy();
                      var finalizers = copy.metadata().withArrayProperty("finalizers");
                      finalizers.removeIf(each -> each.asText().equals(finalizer));
                      if (!finalizers.isEmpty()) {
                        return store.put(key, copy);
                      }
                      copy.metadata().remove("finalizers");
                      return Deletion.holdsBack(copy)
                          ? store.put(key, copy)
                          : store.remove(key).orElse(copy);
                    }));
  }

  private void empty(String namespace) {
    store.keysIn(namespace).forEach(key -> collect(key, false));
    namespaceMayGo(namespace);
  }

  private void namespaceMayGo(String name) {
    if (name.isEmpty()) {
      return;
    }
    var key = new Key(NAMESPACES, "", name);
    store.atomically(
        () -> {
          boolean over =
              store
                  .get(key)
                  .filter(ApiObject::deleting)
                  .filter(namespace -> namespace.finalizers().isEmpty())
                  .isPresent();
          return over && store.keysIn(name).isEmpty() ? store.remove(key) : null;
        });
  }

  private void collect(Key key, boolean foreground) {
    types.storing(key.resource()).ifPresent(type -> deletion.collect(key, type, foreground));
  }

  private Set<Key> dependentsOf(String owner) {
    return Set.copyOf(dependents.getOrDefault(owner, Set.of()));
  }
}
