package dev.slipway.demo.cluster.api.table;

import dev.slipway.demo.cluster.api.object.ApiObject;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;

/** The cells of an Event, which keeps its times in different places by age and author. */
final class EventCells {
  private EventCells() {}

  static String lastSeen(ApiObject event, Instant now) {
    var series = event.text("/series/lastObservedTime");
    if (!series.isEmpty()) {
      return "%s (x%s over %s)"
          .formatted(
              Cells.since(series, now), event.at("/series/count").asInt(), firstSeen(event, now));
    }
    var seen =
        Cells.since(first(event, "/lastTimestamp", "/deprecatedLastTimestamp", "/eventTime"), now);
    int count = event.at("/count").asInt();
    return count > 1 ? seen + " (x" + count + " over " + firstSeen(event, now) + ")" : seen;
  }

  static String firstSeen(ApiObject event, Instant now) {
    return Cells.since(
        first(event, "/firstTimestamp", "/deprecatedFirstTimestamp", "/eventTime"), now);
  }

  static String object(ApiObject event) {
    var kind = first(event, "/involvedObject/kind", "/regarding/kind").toLowerCase(Locale.ROOT);
    return kind + "/" + first(event, "/involvedObject/name", "/regarding/name");
  }

  static String source(ApiObject event) {
    var component =
        first(event, "/source/component", "/reportingComponent", "/reportingController");
    var host = first(event, "/source/host", "/reportingInstance");
    return host.isEmpty() ? component : component + ", " + host;
  }

  static String count(ApiObject event) {
    int count = event.at("/series/count").asInt(event.at("/count").asInt(1));
    return Integer.toString(Math.max(1, count));
  }

  static String message(ApiObject event) {
    return first(event, "/message", "/note").strip();
  }

  private static String first(ApiObject event, String... pointers) {
    return Stream.of(pointers)
        .map(event::text)
        .filter(text -> !text.isEmpty() && !text.equals("null"))
        .findFirst()
        .orElse("");
  }
}
