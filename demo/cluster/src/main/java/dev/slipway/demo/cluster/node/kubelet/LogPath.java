package dev.slipway.demo.cluster.node.kubelet;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A request for a log: {@code /containerLogs/{namespace}/{pod}/{container}?follow=true&…}. */
record LogPath(String namespace, String pod, String container, Map<String, String> query) {
  private static final int PARTS = 5;

  /** Empty when it asks for something else. */
  static Optional<LogPath> parse(URI uri) {
    var parts = uri.getPath().split("/", -1);
    return parts.length == PARTS && parts[1].equals("containerLogs")
        ? Optional.of(new LogPath(parts[2], parts[3], parts[4], query(uri.getRawQuery())))
        : Optional.empty();
  }

  private static Map<String, String> query(String raw) {
    var query = new HashMap<String, String>();
    for (var pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  /**
   * The part of the log that is asked for.
   *
   * @throws LogsUnavailable when a parameter cannot be read
   */
  LogRequest request(String uid, Clock clock) throws LogsUnavailable {
    try {
      return new LogRequest(
          namespace,
          pod,
          uid,
          container,
          isTrue("follow"),
          isTrue("timestamps"),
          isTrue("previous"),
          since(clock),
          number("tailLines"),
          number("limitBytes"));
    } catch (NumberFormatException | DateTimeException e) {
      throw new LogsUnavailable("Invalid log options: " + e.getMessage());
    }
  }

  boolean isTrue(String name) {
    return Boolean.parseBoolean(query.get(name));
  }

  private Optional<Instant> since(Clock clock) {
    return Optional.ofNullable(query.get("sinceTime"))
        .map(time -> OffsetDateTime.parse(time).toInstant())
        .or(
            () ->
                number("sinceSeconds").stream()
                    .mapToObj(seconds -> clock.instant().minusSeconds(seconds))
                    .findFirst())
        .map(since -> since.truncatedTo(ChronoUnit.SECONDS));
  }

  private OptionalLong number(String name) {
    var text = query.get(name);
    return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }
}
