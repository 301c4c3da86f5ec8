package dev.slipway.demo.cluster.api.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One recorded request and its answer.
 *
 * @param name path of the file below its section
 * @param body as it was sent, empty when there was none
 */
record Exchange(
    String name,
    String method,
    String path,
    Map<String, String> headers,
    String body,
    int status,
    JsonNode answer,
    boolean withoutManagedFields) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Empty for a file that holds something else. */
  static Optional<Exchange> read(Path section, Path file) throws IOException {
    var recorded = JSON.readTree(file.toFile());
    var request = recorded.path("request");
    var response = recorded.path("response");
    if (!request.has("method") || !response.has("status")) {
      return Optional.empty();
    }
    var body = request.path("body");
    return Optional.of(
        new Exchange(
            section.relativize(file).toString(),
            request.path("method").asText(),
            request.path("path").asText(),
            request.path("headers").properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText())),
            body.isTextual() ? body.asText() : body.isContainerNode() ? body.toString() : "",
            response.path("status").asInt(),
            response.path("body"),
            recorded.path("left_out").asText().contains("managedFields")));
  }
}
