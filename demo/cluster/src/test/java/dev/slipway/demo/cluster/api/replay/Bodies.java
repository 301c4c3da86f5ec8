package dev.slipway.demo.cluster.api.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.slipway.demo.cluster.schema.Body;
import dev.slipway.demo.cluster.schema.Rejected;
import java.nio.charset.StandardCharsets;

/** Reads bodies of all types into one form that can be compared. */
final class Bodies {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new YAMLMapper();

  private Bodies() {}

  /** JSON and protobuf as a tree, everything else as text of one character for each byte. */
  static JsonNode decoded(String contentType, byte[] body) {
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      if (contentType.startsWith("application/vnd.kubernetes.protobuf")) {
        return JSON.readTree(Body.object(contentType, body, "").value().toString());
      }
      var mapper = contentType.startsWith("application/yaml") ? YAML : JSON;
      return contentType.startsWith("text/plain") && body[0] != '{'
          ? TextNode.valueOf(new String(body, StandardCharsets.ISO_8859_1))
          : mapper.readTree(new String(body, StandardCharsets.UTF_8));
    } catch (JsonProcessingException | Rejected e) {
      return TextNode.valueOf(new String(body, StandardCharsets.ISO_8859_1));
    }
  }
}
