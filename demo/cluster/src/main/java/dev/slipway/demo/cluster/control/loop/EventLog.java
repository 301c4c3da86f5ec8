package dev.slipway.demo.cluster.control.loop;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events in the background and in order: the same sentence about the same object is counted,
 * and from the eleventh different sentence on they are combined, as client-go does it.
 */
public final class EventLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventLog.class);
  private static final int DIFFERENT_BEFORE_COMBINING = 10;
  private static final int REMEMBERED = 4096;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * Who says it, such as {@code job-controller}.
   *
   * @param host the node that it is on; empty for a controller
   */
  public record Voice(EventLog log, String component, String host) {
    /** Something went as it should. */
    public void normal(HasMetadata about, String reason, String message) {
      tell(about, "", "Normal", reason, message);
    }

    /** Something somebody should look at. */
    public void warning(HasMetadata about, String reason, String message) {
      tell(about, "", "Warning", reason, message);
    }

    /**
     * Returns at once.
     *
     * @param field such as {@code spec.containers{web}}; {@code ""} for the object itself
     * @param type {@code Normal} or {@code Warning}
     */
    public void tell(HasMetadata about, String field, String type, String reason, String message) {
      log.write(new Saying(this, reference(about, field), Instant.now(), type, reason, message));
    }
  }

  private record Saying(
      Voice voice, ObjectReference about, Instant at, String type, String reason, String message) {
    Topic topic() {
      return new Topic(voice.component(), about.getKind(), about.getUid(), type, reason);
    }

    Saying combined() {
      return new Saying(
          voice, about, at, type, reason, "(combined from similar events): " + message);
    }
  }

  private record Topic(String component, String kind, String uid, String type, String reason) {}

  private record Repeat(Topic topic, @Nullable String field, String message) {}

  private record Written(String name, int count) {}

  private static final class Remembering<K, V> extends LinkedHashMap<K, V> {
    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > REMEMBERED;
    }
  }

  private final KubernetesClient client;
  private final Map<Topic, Set<String>> sentences = new Remembering<>();
  private final Map<Repeat, Written> written = new Remembering<>();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("events").factory());

  public EventLog(KubernetesClient client) {
    this.client = client;
  }

  /** The log as one component uses it. */
  public Voice as(String component) {
    return as(component, "");
  }

  /** The log as a component on a node uses it. */
  public Voice as(String component, String host) {
    return new Voice(this, component, host);
  }

  /** An event of the newer form, which has a time but no count: the scheduler's. */
  public void once(
      HasMetadata about, String component, String type, String reason, String action, String text) {
    var saying = new Saying(as(component), reference(about, ""), Instant.now(), type, reason, text);
    var event =
        basis(saying)
            .withEventTime(microTime(saying.at()))
            .withAction(action)
            .withReportingInstance(component)
            .build();
    submit(() -> client.resource(event).create());
  }

  private void write(Saying saying) {
    submit(() -> writeNow(saying));
  }

  private void submit(Runnable writing) {
    try {
      writer.execute(
          () -> {
            try {
              writing.run();
            } catch (KubernetesClientException e) {
              tell(e);
            }
          });
    } catch (RejectedExecutionException e) {
      log.trace("An event came after the end", e);
    }
  }

  private static void tell(KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
      // An event is a courtesy: a namespace that is going away takes none.
      log.debug("An event was not written: {}", e.getMessage());
    } else {
      log.warn("An event was not written", e);
    }
  }

  private void writeNow(Saying saying) {
    var known = sentences.computeIfAbsent(saying.topic(), _ -> new HashSet<>());
    boolean combine =
        !known.contains(saying.message()) && known.size() >= DIFFERENT_BEFORE_COMBINING;
    if (!combine) {
      known.add(saying.message());
    }
    var said = combine ? saying.combined() : saying;
    var repeat =
        new Repeat(said.topic(), said.about().getFieldPath(), combine ? "" : said.message());
    var before = written.get(repeat);
    written.put(
        repeat,
        before != null && countUp(before, said)
            ? new Written(before.name(), before.count() + 1)
            : new Written(create(said, combine), 1));
  }

  private boolean countUp(Written before, Saying saying) {
    var patch =
        Map.of(
            "count", before.count() + 1,
            "message", saying.message(),
            "lastTimestamp", seconds(saying.at()));
    try {
      client
          .v1()
          .events()
          .inNamespace(saying.about().getNamespace())
          .withName(before.name())
          .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(patch));
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private String create(Saying saying, boolean combined) {
    var now = seconds(saying.at());
    var voice = saying.voice();
    var event =
        basis(saying)
            .withNewSource()
            .withComponent(voice.component())
            .withHost(voice.host().isEmpty() ? null : voice.host())
            .endSource()
            .withReportingComponent(combined ? "" : voice.component())
            .withReportingInstance(voice.host())
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .build();
    client.resource(event).create();
    return event.getMetadata().getName();
  }

  private static EventBuilder basis(Saying saying) {
    var about = saying.about();
    return new EventBuilder(new Event())
        .withNewMetadata()
        .withNamespace(about.getNamespace())
        .withName(about.getName() + "." + Long.toHexString(nanoTime()))
        .endMetadata()
        .withInvolvedObject(about)
        .withType(saying.type())
        .withReason(saying.reason())
        .withMessage(saying.message())
        .withReportingComponent(saying.voice().component());
  }

  private static ObjectReference reference(HasMetadata object, String field) {
    var metadata = object.getMetadata();
    return new ObjectReferenceBuilder()
        .withApiVersion(object.getApiVersion())
        .withKind(object.getKind())
        .withNamespace(metadata.getNamespace() == null ? "default" : metadata.getNamespace())
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .withResourceVersion(metadata.getResourceVersion())
        .withFieldPath(field.isEmpty() ? null : field)
        .build();
  }

  private static long nanoTime() {
    var now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Six digits, always: the API refuses what {@link Instant#toString} makes of whole millis. */
  static MicroTime microTime(Instant time) {
    return new MicroTime(MICROS.format(time));
  }

  /** Writes what is left to write, for at most a moment. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(1, TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
