package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One exchange with a real API server. */
record Recording(String name, JsonNode document) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The folder of recordings, when there is one beside the clone or where it is said to be. */
  static Optional<Path> folder() {
    String given = System.getProperty("slipway.recordings", System.getenv("SLIPWAY_RECORDINGS"));
    Path folder = given == null ? Path.of("../../../shared/recordings") : Path.of(given);
    return Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
  }

  /** The exchanges and watch streams of a section, in the order in which they were recorded. */
  static List<Recording> of(Path folder, String section) {
    try (Stream<Path> files = Files.list(folder.resolve(section))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(file -> read(file, section + "/" + file.getFileName()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording read(Path file, String name) {
    try {
      return new Recording(name, JSON.readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isWatch() {
    return document.has("events");
  }

  String method() {
    return document.at("/request/method").asText();
  }

  String path() {
    return document.at("/request/path").asText().split("\\?", 2)[0];
  }

  /** A query parameter, empty when it was not given. */
  String parameter(String key) {
    String[] parts = document.at("/request/path").asText().split("\\?", 2);
    if (parts.length == 2) {
      for (String each : parts[1].split("&", -1)) {
        if (each.startsWith(key + "=")) {
          return each.substring(key.length() + 1);
        }
      }
    }
    return "";
  }

  String contentType() {
    return document.at("/request/headers/Content-Type").asText();
  }

  byte[] body() {
    JsonNode body = document.at("/request/body");
    String text = body.isTextual() ? body.asText() : body.toString();
    return text.getBytes(StandardCharsets.UTF_8);
  }

  int status() {
    return document.at("/response/status").asInt();
  }

  JsonNode answer() {
    return document.at("/response/body");
  }

  Optional<ObjectNode> answeredObject() {
    return answer() instanceof ObjectNode object && object.at("/metadata/name").isTextual()
        ? Optional.of(object)
        : Optional.empty();
  }

  /** The texts of the Warning headers. */
  List<String> warnings() {
    JsonNode header = document.at("/response/headers/Warning");
    Stream<JsonNode> all =
        header.isArray()
            ? header.valueStream()
            : header.isTextual() ? Stream.of(header) : Stream.of();
    return all.map(JsonNode::asText)
        .map(text -> text.substring("299 - \"".length(), text.length() - 1).replace("\\\"", "\""))
        .toList();
  }
}
