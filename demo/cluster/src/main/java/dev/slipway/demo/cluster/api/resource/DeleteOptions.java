package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.Optional;

/**
 * How an object is to be deleted, from the query and the body of the request.
 *
 * @param gracePeriod seconds, empty for the object's own
 * @param propagation what becomes of its dependents, empty for the type's default
 */
record DeleteOptions(
    Optional<Long> gracePeriod,
    Optional<Propagation> propagation,
    Optional<String> uid,
    Optional<String> resourceVersion,
    boolean dryRun) {

  /** What becomes of the dependents of a deleted object. */
  enum Propagation {
    BACKGROUND,
    FOREGROUND,
    ORPHAN;

    static Propagation parse(String text) {
      return switch (text) {
        case "Background" -> BACKGROUND;
        case "Foreground" -> FOREGROUND;
        case "Orphan" -> ORPHAN;
        default ->
            throw Rejected.badRequest("invalid deletion propagation policy \"" + text + "\"");
      };
    }
  }

  static DeleteOptions of(Call call) {
    return of(
        call,
        call.request().body().length == 0
            ? MissingNode.getInstance()
            : call.body("DeleteOptions").value());
  }

  static DeleteOptions of(Call call, JsonNode body) {
    var query = call.query();
    var grace = query.number("gracePeriodSeconds");
    if (body.path("gracePeriodSeconds").isNumber()) {
      grace = Optional.of(body.path("gracePeriodSeconds").asLong());
    }
    var policy = body.path("propagationPolicy").asText(query.text("propagationPolicy"));
    if (body.path("orphanDependents").asBoolean() || query.isTrue("orphanDependents")) {
      policy = "Orphan";
    }
    var preconditions = body.path("preconditions");
    return new DeleteOptions(
        grace,
        Optional.of(policy).filter(text -> !text.isEmpty()).map(Propagation::parse),
        text(preconditions.path("uid")),
        text(preconditions.path("resourceVersion")),
        call.dryRun() || body.path("dryRun").path(0).asText().equals("All"));
  }

  private static Optional<String> text(JsonNode value) {
    return Optional.of(value.asText("")).filter(text -> !text.isEmpty());
  }
}
