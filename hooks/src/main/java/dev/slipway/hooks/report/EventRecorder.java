package dev.slipway.hooks.report;

import dev.slipway.hooks.PushId;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.Labels;
import dev.slipway.hooks.kube.PlainText;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes events so that a loop of pushes does not fill the namespace, by the rules that Kubernetes'
 * own components keep: the same one again is counted, and of many about one object for one reason
 * the later ones become a single one that counts.
 *
 * @see <a
 *     href="https://github.com/kubernetes/client-go/blob/master/tools/record/events_cache.go">client-go's
 *     correlator</a>
 */
public final class EventRecorder {
  private static final int DIFFERENT = 10;
  private static final Duration SERIES = Duration.ofMinutes(10);
  private static final String COMBINED = "(combined from similar events): ";

  /** What the API takes of a message. */
  private static final int LONGEST = 1023;

  private final KubernetesClient client;
  private final ApiCalls api;
  private final Clock clock;
  private final String actor;
  private final Map<Subject, Series> series = new HashMap<>();

  /**
   * @param actor whose events they are
   */
  public EventRecorder(KubernetesClient client, ApiCalls api, Clock clock, String actor) {
    this.client = client;
    this.api = api;
    this.clock = clock;
    this.actor = actor;
  }

  /** Whether somebody should look. */
  public enum EventType {
    Normal,
    Warning
  }

  /**
   * Something to tell.
   *
   * @param reason one CamelCase word for programs
   */
  public record News(
      ObjectReference about, EventType type, String reason, String message, PushId push) {}

  private record Subject(String uid, EventType type, String reason) {}

  private record Written(Event event, int count) {}

  /** By their messages, of which all behind the first few are one. */
  private static final class Series {
    final Map<String, Written> events = new HashMap<>();
    Instant last;

    Series(Instant now) {
      last = now;
    }
  }

  /** Tells it, be it in an event of its own or in one that is there. */
  public void record(News news) throws InterruptedException {
    record(news, api);
  }

  /** The same, for what is not worth a second attempt. */
  public void mention(News news) throws InterruptedException {
    record(news, new ApiCalls(clock, Duration.ZERO));
  }

  private synchronized void record(News news, ApiCalls calls) throws InterruptedException {
    Instant now = clock.instant();
    series.values().removeIf(it -> it.last.plus(SERIES).isBefore(now));
    Series similar =
        series.computeIfAbsent(
            new Subject(news.about().getUid(), news.type(), news.reason()), _ -> new Series(now));
    similar.last = now;
    boolean alone = similar.events.containsKey(news.message()) || similar.events.size() < DIFFERENT;
    String key = alone ? news.message() : COMBINED;
    String message = PlainText.cut(alone ? key : COMBINED + news.message(), LONGEST);
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    @Nullable Written before = similar.events.get(key);
    similar.events.put(
        key,
        before != null && isCounted(before, news, message, time, calls)
            ? new Written(before.event(), before.count() + 1)
            : new Written(create(news, message, time, calls), 1));
  }

  private Event create(News news, String message, String time, ApiCalls calls)
      throws InterruptedException {
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(news.about().getName() + ".")
            .withNamespace(news.about().getNamespace())
            .addToLabels(Labels.PUSH, news.push().value())
            .endMetadata()
            .withInvolvedObject(news.about())
            .withType(news.type().name())
            .withReason(news.reason())
            .withMessage(message)
            .withNewSource()
            .withComponent(actor)
            .endSource()
            .withReportingComponent(actor)
            .withFirstTimestamp(time)
            .withLastTimestamp(time)
            .withCount(1)
            .build();
    return calls.call(() -> client.resource(event).create());
  }

  /** False when it is gone: the cluster keeps events for an hour or so. */
  private boolean isCounted(Written before, News news, String message, String time, ApiCalls calls)
      throws InterruptedException {
    PatchContext context = new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build();
    String patch =
        Serialization.asJson(
            Map.of(
                "metadata",
                Map.of("labels", Map.of(Labels.PUSH, news.push().value())),
                "message",
                message,
                "count",
                before.count() + 1,
                "lastTimestamp",
                time));
    try {
      // Of the object, not by name: that would read it first, for which gitd has no right.
      calls.call(() -> client.resource(before.event()).patch(context, patch));
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
