package dev.slipway.demo.cluster.api.object;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.List;

/** Reads and writes JSON and YAML the way the API server does. */
public final class Json {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build());

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The elements of an array as texts. */
  public static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }

  public static byte[] bytes(JsonNode node) {
    return written(JSON.writer(), node);
  }

  /**
   * With every character outside ASCII escaped, which is the same JSON. For watches: fabric8's
   * reader of HTTP watches pads lines that hold multi-byte characters with NULs and then stops.
   */
  public static byte[] ascii(JsonNode node) {
    return written(JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII), node);
  }

  public static byte[] yaml(JsonNode node) {
    return written(YAML.writer(), node);
  }

  private static byte[] written(ObjectWriter writer, JsonNode node) {
    try {
      return writer.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree can always be written", e);
    }
  }

  public static JsonNode read(byte[] text) throws java.io.IOException {
    return JSON.readTree(text);
  }
}
