package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;

/**
 * A request's body, decoded.
 *
 * @param duplicates a sentence for each JSON key that was given twice: {@code duplicate field
 *     "spec.branch"}
 */
public record Body(JsonNode value, List<String> duplicates) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Body {
    duplicates = List.copyOf(duplicates);
  }

  /**
   * Decodes the body of a POST or PUT: JSON, YAML or Kubernetes' protobuf envelope.
   *
   * @param contentType the header with or without parameters; empty means JSON
   * @param kind the kind that the URL stands for, for messages
   * @throws Rejected 400 when it cannot be parsed, 415 for another media type
   */
  public static Body object(String contentType, byte[] bytes, String kind) {
    try {
      return new Body(JSON.readTree(bytes), List.of());
    } catch (JsonProcessingException e) {
      throw Rejected.badRequest(e.getOriginalMessage());
    } catch (IOException e) {
      throw Rejected.badRequest(String.valueOf(e.getMessage()));
    }
  }
}
