package dev.slipway.demo.cluster.api.logs;

import dev.slipway.demo.cluster.api.http.Query;
import dev.slipway.demo.cluster.schema.FieldError;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** The query parameters of a log request, checked. */
public record LogOptions(
    String container,
    boolean follow,
    boolean timestamps,
    boolean previous,
    Optional<Instant> since,
    OptionalLong tailLines,
    OptionalLong limitBytes) {

  /**
   * Parses them for the pod of the given name.
   *
   * @throws Rejected 400 for what cannot be parsed
   * @throws Rejected 422 for what is not allowed
   */
  public static LogOptions parse(Query query, String pod, InstantSource clock) {
    var since = since(query, clock);
    var errors = new ArrayList<FieldError>();
    if (query.number("tailLines").filter(lines -> lines < 0).isPresent()) {
      errors.add(
          FieldError.invalid(
              "tailLines", query.text("tailLines"), "must be greater than or equal to 0"));
    }
    if (query.number("limitBytes").filter(bytes -> bytes < 1).isPresent()) {
      errors.add(
          FieldError.invalid("limitBytes", query.text("limitBytes"), "must be greater than 0"));
    }
    if (query.has("sinceTime") && query.has("sinceSeconds")) {
      errors.add(
          FieldError.forbidden(
              "[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
    }
    if (query.has("stream")) {
      errors.add(FieldError.forbidden("stream", "may not be specified"));
    }
    if (!errors.isEmpty()) {
      throw Rejected.invalid("", "PodLogOptions", pod, List.copyOf(errors));
    }
    return new LogOptions(
        query.text("container"),
        query.isTrue("follow"),
        query.isTrue("timestamps"),
        query.isTrue("previous"),
        since,
        optional(query, "tailLines"),
        optional(query, "limitBytes"));
  }

  /** What the kubelet is asked for, as the query of a URL. */
  String query() {
    var query = new StringJoiner("&");
    if (follow) {
      query.add("follow=true");
    }
    limitBytes.ifPresent(bytes -> query.add("limitBytes=" + bytes));
    if (previous) {
      query.add("previous=true");
    }
    since.ifPresent(time -> query.add("sinceTime=" + time));
    tailLines.ifPresent(lines -> query.add("tailLines=" + lines));
    if (timestamps) {
      query.add("timestamps=true");
    }
    return query.toString();
  }

  private static Optional<Instant> since(Query query, InstantSource clock) {
    var time = query.text("sinceTime");
    if (!time.isEmpty()) {
      try {
        return Optional.of(OffsetDateTime.parse(time).toInstant().truncatedTo(ChronoUnit.SECONDS));
      } catch (DateTimeParseException e) {
        throw Rejected.badRequest(
            "parsing time \"%s\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"%s\" as \"2006\""
                .formatted(time, time));
      }
    }
    return query
        .number("sinceSeconds")
        .map(seconds -> clock.instant().minusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS));
  }

  private static OptionalLong optional(Query query, String name) {
    return query.number(name).map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }
}
