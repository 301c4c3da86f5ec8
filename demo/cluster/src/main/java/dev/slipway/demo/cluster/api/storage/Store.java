package dev.slipway.demo.cluster.api.storage;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All objects in memory under one global revision, and the log of the latest changes. */
public final class Store {
  private static final int LOG_LENGTH = 10_000;

  private final Map<ResourceName, NavigableMap<Key, ApiObject>> objects = new HashMap<>();
  private final Deque<Change> log = new ArrayDeque<>();
  private final Map<ChangeFeed, Optional<ResourceName>> feeds = new HashMap<>();
  private final List<Consumer<Change>> listeners = new ArrayList<>();
  private long revision = 1;
  private long oldest = 1;

  /** Objects as they were at one revision, in the order of namespace and name. */
  public record Snapshot(long revision, List<ApiObject> objects) {}

  /** Does several steps as one: nobody else reads or writes in between. */
  public synchronized <T> T atomically(Supplier<T> steps) {
    return steps.get();
  }

  public long revision() {
    return atomically(() -> revision);
  }

  public Optional<ApiObject> get(Key key) {
    return atomically(() -> Optional.ofNullable(of(key.resource()).get(key)));
  }

  /** The objects of a resource now; those of all namespaces when {@code namespace} is empty. */
  public Snapshot list(ResourceName resource, String namespace) {
    return atomically(() -> new Snapshot(revision, inNamespace(of(resource), resource, namespace)));
  }

  /** The objects of a resource as they were at an earlier revision. */
  public synchronized Snapshot listAt(ResourceName resource, String namespace, long at)
      throws RevisionTooOld {
    requireKnown(at);
    var then = new TreeMap<>(of(resource));
    var newestFirst = log.descendingIterator();
    while (newestFirst.hasNext()) {
      var change = newestFirst.next();
      if (change.revision() <= at) {
        break;
      }
      if (change.key().resource().equals(resource)) {
        undo(change, then);
      }
    }
    return new Snapshot(at, inNamespace(then, resource, namespace));
  }

  /** Every key there is in a namespace. */
  public List<Key> keysIn(String namespace) {
    return atomically(
        () ->
            objects.values().stream()
                .flatMap(all -> all.keySet().stream())
                .filter(key -> key.namespace().equals(namespace))
                .toList());
  }

  /** Stores a new or changed object under the next revision; the answer carries it. */
  public ApiObject put(Key key, ApiObject object) {
    return atomically(
        () -> {
          var before = of(key.resource()).get(key);
          var stored = stamped(object);
          of(key.resource()).put(key, stored);
          publish(
              new Change(
                  revision,
                  before == null ? Change.Type.ADDED : Change.Type.MODIFIED,
                  key,
                  before,
                  stored));
          return stored;
        });
  }

  /** Removes an object; the answer is its last state under the revision of the removal. */
  public Optional<ApiObject> remove(Key key) {
    return atomically(
        () -> {
          var before = of(key.resource()).remove(key);
          if (before == null) {
            return Optional.empty();
          }
          var last = stamped(before);
          publish(new Change(revision, Change.Type.DELETED, key, before, last));
          return Optional.of(last);
        });
  }

  /** Tells of every change from now on, inside of the step that makes it. */
  public void listen(Consumer<Change> listener) {
    atomically(() -> listeners.add(listener));
  }

  /** The changes of one resource after a revision and from now on; the reader closes the feed. */
  public ChangeFeed changes(ResourceName resource, long after) throws RevisionTooOld {
    return subscribe(Optional.of(resource), after);
  }

  /** The changes of every resource after a revision and from now on. */
  public ChangeFeed allChanges(long after) throws RevisionTooOld {
    return subscribe(Optional.empty(), after);
  }

  private synchronized ChangeFeed subscribe(Optional<ResourceName> resource, long after)
      throws RevisionTooOld {
    requireKnown(after);
    var replay =
        log.stream()
            .filter(change -> change.revision() > after && concerns(resource, change))
            .toList();
    var feed = new ChangeFeed(this, replay);
    feeds.put(feed, resource);
    return feed;
  }

  void unsubscribe(ChangeFeed feed) {
    atomically(() -> feeds.remove(feed));
  }

  /** What has been is not told any more: as after a compaction. */
  public void forgetHistory() {
    atomically(
        () -> {
          log.clear();
          oldest = revision;
          return oldest;
        });
  }

  private void requireKnown(long at) throws RevisionTooOld {
    if (at < oldest) {
      throw new RevisionTooOld(at, oldest);
    }
  }

  private void publish(Change change) {
    log.add(change);
    if (log.size() > LOG_LENGTH) {
      oldest = log.remove().revision();
    }
    feeds.forEach(
        (feed, resource) -> {
          if (concerns(resource, change)) {
            feed.offer(change);
          }
        });
    listeners.forEach(listener -> listener.accept(change));
  }

  private static boolean concerns(Optional<ResourceName> resource, Change change) {
    return resource.isEmpty() || resource.get().equals(change.key().resource());
  }

  private static void undo(Change change, Map<Key, ApiObject> objects) {
    @Nullable ApiObject before = change.before();
    if (before == null) {
      objects.remove(change.key());
    } else {
      objects.put(change.key(), before);
    }
  }

  private ApiObject stamped(ApiObject object) {
    revision++;
    var copy = object.copy();
    copy.metadata().put("resourceVersion", Long.toString(revision));
    return copy;
  }

  private NavigableMap<Key, ApiObject> of(ResourceName resource) {
    return objects.computeIfAbsent(resource, _ -> new TreeMap<>());
  }

  private static List<ApiObject> inNamespace(
      NavigableMap<Key, ApiObject> all, ResourceName resource, String namespace) {
    var admitted =
        namespace.isEmpty()
            ? all
            : all.subMap(new Key(resource, namespace, ""), new Key(resource, namespace + "\0", ""));
    return List.copyOf(admitted.values());
  }
}
