package dev.slipway.demo.cluster.api.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.schema.FieldError;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** Answers TokenRequests: a new, expiring token of a ServiceAccount, perhaps bound to a pod. */
public record TokenRequests(Tokens tokens, InstantSource clock) {
  private static final String AUDIENCE = "https://kubernetes.default.svc.cluster.local";
  private static final long DEFAULT_SECONDS = Duration.ofHours(1).toSeconds();
  private static final long SHORTEST_SECONDS = Duration.ofMinutes(10).toSeconds();
  private static final long KUBELET_SECONDS = 3607;

  /** The request completed with its status. */
  public ObjectNode fulfil(ApiObject account, ObjectNode request) {
    var spec = request.path("spec");
    long seconds = spec.path("expirationSeconds").asLong(DEFAULT_SECONDS);
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (seconds < SHORTEST_SECONDS) {
      throw Rejected.invalid(
          "authentication.k8s.io",
          "TokenRequest",
          "",
          List.of(
              FieldError.invalid(
                  "spec.expirationSeconds",
                  Long.toString(seconds),
                  "may not specify a duration less than 10 minutes")));
    }
    var expires = now.plusSeconds(seconds);
    var claims = Json.object();
    var audiences = claims.putArray("aud");
    if (spec.path("audiences").isEmpty()) {
      audiences.add(AUDIENCE);
    } else {
      spec.path("audiences").forEach(audiences::add);
    }
    // As the real server does for what a kubelet asks for, so that old clients have time to reload.
    var end = seconds == KUBELET_SECONDS ? now.plus(Duration.ofDays(365)) : expires;
    claims.put("exp", end.getEpochSecond()).put("iat", now.getEpochSecond());
    claims.put("iss", AUDIENCE).put("jti", UUID.randomUUID().toString());
    var bound = claims.putObject("kubernetes.io").put("namespace", account.namespace());
    bound.putObject("serviceaccount").put("name", account.name()).put("uid", account.uid());
    var reference = spec.path("boundObjectRef");
    if (reference.path("kind").asText("").equals("Pod")) {
      bound
          .putObject("pod")
          .put("name", reference.path("name").asText())
          .put("uid", reference.path("uid").asText());
    }
    claims.put("nbf", now.getEpochSecond());
    claims.put("sub", "system:serviceaccount:" + account.namespace() + ":" + account.name());

    var fulfilled = request.deepCopy();
    fulfilled.withObjectProperty("metadata").put("name", account.name());
    fulfilled.withObjectProperty("metadata").put("namespace", account.namespace());
    var completed = fulfilled.withObjectProperty("spec").put("expirationSeconds", seconds);
    completed.set("audiences", audiences.deepCopy());
    fulfilled
        .putObject("status")
        .put("token", tokens.sign(claims))
        .put("expirationTimestamp", expires.toString());
    return fulfilled;
  }
}
