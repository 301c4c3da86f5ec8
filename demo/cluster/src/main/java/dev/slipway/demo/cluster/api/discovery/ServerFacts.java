package dev.slipway.demo.cluster.api.discovery;

import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.Json;
import java.util.Optional;

/** The server's version and health. */
public final class ServerFacts {
  /** Empty for any other path. */
  public Optional<Reply> answer(ApiRequest request) {
    return switch (String.join("/", request.path())) {
      case "version" -> Optional.of(version());
      case "healthz", "livez", "readyz" -> Optional.of(health(request));
      default -> Optional.empty();
    };
  }

  private static Reply version() {
    return Reply.json(
        200,
        Json.object()
            .put("major", "1")
            .put("minor", "34")
            .put("gitVersion", "v1.34.0+slipway-embedded")
            .put("gitCommit", "")
            .put("gitTreeState", "clean")
            .put("buildDate", "1970-01-01T00:00:00Z")
            .put("goVersion", "")
            .put("compiler", "")
            .put("platform", "linux/amd64"));
  }

  private static Reply health(ApiRequest request) {
    return request.query().has("verbose")
        ? Reply.text(200, "[+]ping ok\n" + request.path().getFirst() + " check passed\n")
        : Reply.text(200, "ok");
  }
}
