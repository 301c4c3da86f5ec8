package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.storage.Change;
import dev.slipway.demo.cluster.api.storage.ChangeFeed;
import dev.slipway.demo.cluster.api.storage.RevisionTooOld;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.Rejected;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** Watches: what there is, then what changes, until the client or the time ends it. */
final class Watching {
  private static final Duration LONGEST = Duration.ofMinutes(60);
  private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);
  private static final Duration LAST_BOOKMARK_BEFORE_END = Duration.ofSeconds(1);

  private final Store store;
  private final Rendering rendering;

  Watching(Store store, Rendering rendering) {
    this.store = store;
    this.rendering = rendering;
  }

  Reply watch(Call call) {
    var query = call.query();
    var selection = Selection.of(call);
    boolean initialEvents = ListOptions.sendsInitialEvents(query);
    long asked = ListOptions.revision(query);
    var duration = query.number("timeoutSeconds").map(Duration::ofSeconds).orElse(LONGEST);
    boolean fromNow = asked == 0 || initialEvents;
    return new Reply.Stream(
        200,
        call.accept().format().mediaType(),
        body -> {
          var stream = new EventStream(call, selection, body);
          if (!fromNow) {
            stream.resume(asked, duration);
          } else {
            stream.startWithAll(initialEvents, duration);
          }
        });
  }

  /** One client's stream. */
  private final class EventStream {
    private final Call call;
    private final Selection selection;
    private final OutputStream body;
    private final boolean bookmarks;
    private boolean first = true;

    EventStream(Call call, Selection selection, OutputStream body) {
      this.call = call;
      this.selection = selection;
      this.body = body;
      this.bookmarks = call.query().isTrue("allowWatchBookmarks");
    }

    void startWithAll(boolean markEnd, Duration duration) throws IOException, InterruptedException {
      record Start(List<ApiObject> objects, long revision, ChangeFeed feed) {}
      var start =
          store.atomically(
              () -> {
                var now = store.list(call.type().storedAs(), call.path().namespace());
                return new Start(now.objects(), now.revision(), feedFromNow(now.revision()));
              });
      try (var feed = start.feed()) {
        begin();
        for (var object : start.objects()) {
          if (selection.admits(object)) {
            write("ADDED", object);
          }
        }
        if (markEnd && bookmarks) {
          bookmark(start.revision(), true);
        }
        body.flush();
        follow(feed, start.revision(), duration);
      }
    }

    /** A client takes the status as the promise that from now on it misses nothing. */
    private void begin() throws IOException {
      body.flush();
    }

    private ChangeFeed feedFromNow(long revision) {
      try {
        return store.changes(call.type().storedAs(), revision);
      } catch (RevisionTooOld e) {
        throw new IllegalStateException("The present revision is never too old", e);
      }
    }

    void resume(long after, Duration duration) throws IOException, InterruptedException {
      try (var feed = store.changes(call.type().storedAs(), after)) {
        begin();
        follow(feed, after, duration);
      } catch (RevisionTooOld e) {
        line("ERROR", Rejected.gone(e.getMessage() == null ? "" : e.getMessage()).status());
        body.flush();
      }
    }

    private void follow(ChangeFeed feed, long from, Duration duration)
        throws IOException, InterruptedException {
      long end = System.nanoTime() + duration.toNanos();
      long lastBookmark = end - LAST_BOOKMARK_BEFORE_END.toNanos();
      long nextBookmark = Math.min(System.nanoTime() + BOOKMARK_EVERY.toNanos(), lastBookmark);
      long revision = from;
      while (System.nanoTime() < end) {
        long until = bookmarks && nextBookmark < end ? nextBookmark : end;
        var change = feed.next(Duration.ofNanos(until - System.nanoTime()).plusMillis(1));
        if (change != null) {
          if (change.revision() > from) {
            show(change);
            revision = change.revision();
          }
        } else if (until == nextBookmark && bookmarks) {
          bookmark(Math.max(revision, from), false);
          body.flush();
          nextBookmark =
              nextBookmark >= lastBookmark
                  ? end
                  : Math.min(nextBookmark + BOOKMARK_EVERY.toNanos(), lastBookmark);
        }
      }
    }

    /** An object that enters the selection is new to this client, one that leaves it is gone. */
    private void show(Change change) throws IOException {
      var before = change.before();
      boolean was = before != null && selection.admits(before);
      boolean is = change.type() != Change.Type.DELETED && selection.admits(change.after());
      if (is) {
        write(was ? "MODIFIED" : "ADDED", change.after());
      } else if (was && before != null) {
        write("DELETED", lastSeen(before, change));
      } else {
        return;
      }
      body.flush();
    }

    private static ApiObject lastSeen(ApiObject before, Change change) {
      var last = before.copy();
      last.metadata().put("resourceVersion", Long.toString(change.revision()));
      return last;
    }

    private void write(String type, ApiObject object) throws IOException {
      line(type, rendering.next(call, Views.shown(object, call.type()), first));
      first = false;
    }

    private void bookmark(long revision, boolean initialEventsEnd) throws IOException {
      var object =
          Json.object().put("kind", call.type().kind()).put("apiVersion", call.type().apiVersion());
      var metadata = object.putObject("metadata").put("resourceVersion", Long.toString(revision));
      if (initialEventsEnd) {
        metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
      }
      line("BOOKMARK", object);
    }

    private void line(String type, ObjectNode object) throws IOException {
      var event = Json.object().put("type", type);
      event.set("object", object);
      body.write(Json.ascii(event));
      body.write('\n');
    }
  }
}
