package dev.slipway.demo.cluster.api.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One recorded request and its answer.
 *
 * @param name its file, and for one of several in a file {@code #1}, {@code #2}, …
 * @param managedFieldsLeftOut the recording lacks them in what was answered
 */
record Exchange(String name, Request request, Answer answer, boolean managedFieldsLeftOut) {

  /** What was sent; the body is empty when there was none. */
  @SuppressWarnings("ArrayRecordComponent") // Requests are sent, never compared.
  record Request(String method, String path, Map<String, String> headers, byte[] body) {
    static Request of(String method, String path, JsonNode body) {
      var type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
      return new Request(method, path, Map.of("Content-Type", type), bytes(body));
    }
  }

  /**
   * What came back.
   *
   * @param body JSON, or text (of a log: its bytes as ISO 8859-1)
   * @param events of a watch
   */
  record Answer(
      int status, Map<String, List<String>> headers, JsonNode body, List<JsonNode> events) {}

  boolean isWatch() {
    return request.path().contains("watch=true") && answer.status() == 200;
  }

  /** Reads what the recorder wrote; {@code leftOut} is its note about the whole file. */
  static Exchange of(String name, JsonNode recorded, String leftOut) throws IOException {
    var request = recorded.path("request");
    var response = recorded.path("response");
    Map<String, String> sent = new HashMap<>();
    request.path("headers").properties().forEach(h -> sent.put(h.getKey(), h.getValue().asText()));
    Map<String, List<String>> headers = new HashMap<>();
    response
        .path("headers")
        .properties()
        .forEach(h -> headers.put(h.getKey(), texts(h.getValue())));
    var events = recorded.has("events") ? recorded.path("events") : response.path("events");
    return new Exchange(
        name,
        new Request(
            request.path("method").asText(),
            request.path("path").asText().replace(" ", "%20"),
            sent,
            bytes(request.path("body"))),
        new Answer(response.path("status").asInt(), headers, body(response), list(events)),
        leftOut.contains("managedFields"));
  }

  private static JsonNode body(JsonNode response) throws IOException {
    if (response.path("body").isTextual() && response.path("body").asText().isEmpty()) {
      return MissingNode.getInstance();
    }
    if (response.has("body")) {
      var body = response.path("body");
      var type = response.at("/headers/Content-Type").asText();
      if (body.path("base64").isTextual()) {
        return Bodies.decoded(type, base64(body));
      }
      return type.startsWith("application/yaml") ? Bodies.decoded(type, bytes(body)) : body;
    }
    return !response.path("base64").asText().isEmpty()
        ? TextNode.valueOf(new String(base64(response), StandardCharsets.ISO_8859_1))
        : MissingNode.getInstance();
  }

  private static byte[] base64(JsonNode holder) {
    return Base64.getDecoder().decode(holder.path("base64").asText());
  }

  private static byte[] bytes(JsonNode body) {
    for (var field : List.of("protobuf_base64", "base64")) {
      if (body.has(field)) {
        return Base64.getDecoder().decode(body.path(field).asText());
      }
    }
    var text = body.isTextual() ? body.asText() : body.isContainerNode() ? body.toString() : "";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> texts(JsonNode value) {
    return value.isArray()
        ? list(value).stream().map(JsonNode::asText).toList()
        : List.of(value.asText());
  }

  private static List<JsonNode> list(JsonNode array) {
    return array.valueStream().toList();
  }
}
