package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A request's body, decoded.
 *
 * @param duplicates a sentence for each JSON key that was given twice: {@code duplicate field
 *     "spec.branch"}
 */
public record Body(JsonNode value, List<String> duplicates) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new YAMLMapper();
  private static final ObjectReader STRICT =
      JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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
    Body body =
        switch (contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)) {
          case "", "application/json" -> json(bytes, kind);
          case "application/yaml" -> yaml(bytes, kind);
          case "application/vnd.kubernetes.protobuf" -> new Body(Protobuf.decode(bytes), List.of());
          default ->
              throw Rejected.unsupportedMediaType(
                  List.of(
                      "application/json",
                      "application/yaml",
                      "application/vnd.kubernetes.protobuf"));
        };
    if (!body.value.isObject()) {
      throw unrecognized(kind, "json: cannot unmarshal into Go value of type struct", bytes);
    }
    return body;
  }

  /** The value of a body that was decoded as an object. */
  public ObjectNode object() {
    return (ObjectNode) value;
  }

  /**
   * Decodes JSON.
   *
   * @throws Rejected 400 when it is none
   */
  public static Body json(byte[] bytes, String kind) {
    List<String> duplicates = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() == null) {
        throw unrecognized(kind, "json parse error: unexpected end of JSON input", bytes);
      }
      JsonNode value = read(parser, "", duplicates);
      if (parser.nextToken() != null) {
        throw unrecognized(kind, "json parse error: invalid data after top-level value", bytes);
      }
      return new Body(value, duplicates);
    } catch (JsonProcessingException e) {
      String problem =
          e instanceof JsonEOFException ? "unexpected end of JSON input" : e.getOriginalMessage();
      throw unrecognized(kind, "json parse error: " + problem, bytes);
    } catch (IOException e) {
      throw Rejected.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Decodes YAML, of which JSON is a part.
   *
   * @throws Rejected 400 when it is none
   */
  public static Body yaml(byte[] bytes, String kind) {
    try {
      return new Body(looksLikeJson(bytes) ? jsonOrYaml(bytes) : YAML.readTree(bytes), List.of());
    } catch (JsonProcessingException e) {
      throw unrecognized(kind, "error converting YAML to JSON: " + e.getOriginalMessage(), bytes);
    } catch (IOException e) {
      throw Rejected.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** What programs apply is JSON, which takes its own reader a tenth of the time. */
  private static JsonNode jsonOrYaml(byte[] bytes) throws IOException {
    try {
      return STRICT.readTree(bytes);
    } catch (JsonProcessingException e) {
      return YAML.readTree(bytes);
    }
  }

  private static boolean looksLikeJson(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == '{';
  }

  private static JsonNode read(JsonParser parser, String path, List<String> duplicates)
      throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        String at = path.isEmpty() ? name : path + "." + name;
        if (object.has(name)) {
          duplicates.add("duplicate field \"" + at + "\"");
        }
        parser.nextToken();
        object.set(name, read(parser, at, duplicates));
      }
      return object;
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      var list = JsonNodeFactory.instance.arrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(read(parser, path + "[" + list.size() + "]", duplicates));
      }
      return list;
    }
    JsonNode scalar = JSON.readTree(parser);
    return scalar == null ? JsonNodeFactory.instance.missingNode() : scalar;
  }

  private static Rejected unrecognized(String kind, String problem, byte[] bytes) {
    String shown = bytes.length == 0 ? "<empty>" : new String(bytes, StandardCharsets.UTF_8);
    return Rejected.badRequest(
        "the object provided is unrecognized (must be of type %s): couldn't get version/kind; %s (%s)"
            .formatted(kind, problem, shown.substring(0, Math.min(1000, shown.length()))));
  }
}
