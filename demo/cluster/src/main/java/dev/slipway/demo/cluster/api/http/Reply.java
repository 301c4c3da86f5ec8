package dev.slipway.demo.cluster.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.schema.Rejected;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a request is answered with. */
public sealed interface Reply {
  /** A body that is complete. */
  @SuppressWarnings("ArrayRecordComponent") // Replies are sent, never compared.
  record Bytes(int status, String contentType, byte[] body, Map<String, String> headers)
      implements Reply {}

  /**
   * A body that comes piece by piece. The status goes out with the first write or flush; a {@link
   * Rejected} before that becomes the answer instead.
   */
  record Stream(int status, String contentType, Writer writer) implements Reply {}

  /** No body. */
  record Empty(int status, Map<String, String> headers) implements Reply {}

  /** Writes a streamed body and returns at its end. */
  @FunctionalInterface
  interface Writer {
    void writeTo(OutputStream body) throws IOException, InterruptedException;
  }

  /** Why a request is refused, and when it may come again. */
  static Reply of(Rejected rejected) {
    var retryAfter = rejected.status().at("/details/retryAfterSeconds");
    return new Bytes(
        rejected.code(),
        "application/json",
        Json.bytes(rejected.status()),
        retryAfter.isMissingNode() ? Map.of() : Map.of("Retry-After", retryAfter.asText()));
  }

  static Reply json(int status, JsonNode body) {
    return new Bytes(status, "application/json", Json.bytes(body), Map.of());
  }

  static Reply formatted(int status, JsonNode body, Accept accept) {
    var bytes =
        switch (accept.format()) {
          case JSON -> Json.bytes(body);
          case YAML -> Json.yaml(body);
        };
    return new Bytes(status, accept.format().mediaType(), bytes, Map.of());
  }

  static Reply text(int status, String body) {
    return new Bytes(
        status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Reply empty(int status) {
    return new Empty(status, Map.of());
  }
}
