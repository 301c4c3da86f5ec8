package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.http.Query;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.schema.FieldError;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.List;
import java.util.Optional;

/** The rules of the query parameters that lists and watches share. */
final class ListOptions {
  private ListOptions() {}

  /** The most objects of one page, 0 for all. */
  static long limit(Query query) {
    // From "the watch cache": a list that does not care how old it is comes whole.
    return query.text("resourceVersion").equals("0") ? 0 : query.number("limit").orElse(0L);
  }

  /** The revision that a list must show exactly. */
  static Optional<Long> exactRevision(Query query) {
    var match = query.text("resourceVersionMatch");
    if (!match.isEmpty() && !query.has("resourceVersion") && !query.isTrue("watch")) {
      throw forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
    }
    return match.equals("Exact") ? Optional.of(revision(query)) : Optional.empty();
  }

  /** Refuses a list from a revision that is still to come. */
  static void requireReached(Query query, long current) {
    long asked = revision(query);
    if (asked > current) {
      var details = Json.object();
      details
          .putArray("causes")
          .addObject()
          .put("reason", "ResourceVersionTooLarge")
          .put("message", "Too large resource version");
      details.put("retryAfterSeconds", 1);
      throw Rejected.of(
          504,
          "Timeout",
          "Timeout: Too large resource version: " + asked + ", current: " + current,
          details);
    }
  }

  /** The revision asked for, 0 when there is none. */
  static long revision(Query query) {
    var text = query.text("resourceVersion");
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw Rejected.badRequest(
          "invalid resource version: resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax"
              .formatted(text, text));
    }
  }

  /** Whether a watch begins with what there is and says when that is complete. */
  static boolean sendsInitialEvents(Query query) {
    if (!query.isTrue("sendInitialEvents")) {
      return false;
    }
    if (!query.text("resourceVersionMatch").equals("NotOlderThan")) {
      throw forbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    return true;
  }

  private static Rejected forbidden(String why) {
    return Rejected.invalid(
        "meta.k8s.io",
        "ListOptions",
        "",
        List.of(FieldError.forbidden("resourceVersionMatch", why)));
  }
}
