package dev.slipway.demo.cluster.api.replay;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the recordings of a real cluster, which lie beside the repository. */
public final class Recordings {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Bodies that are too long for their exchange: they are the ends of these files. */
  private static final Map<String, String> RAW_BODIES =
      Map.of(
          "31-bytes-multibyte-long-nonewline.json", "bytes.plain.bin",
          "32-bytes-timestamps.json", "bytes.timestamps.bin",
          "34-bytes-tail-2.json", "bytes.plain.bin");

  private Recordings() {}

  /** The directory of a section; skips the test when there are no recordings. */
  public static Path section(String name) {
    var directory = root().resolve(name);
    assumeTrue(Files.isDirectory(directory), "No recordings of a real cluster here: " + name);
    return directory;
  }

  /** The exchanges of a section in the order in which they were recorded. */
  static List<Exchange> exchanges(String section) throws IOException {
    var all = new ArrayList<Exchange>();
    for (var file : files(section)) {
      var recorded = read(section, file);
      var leftOut = recorded.path("left_out").asText();
      var name = section + "/" + file;
      if (recorded.at("/request/method").isTextual()) {
        all.add(Exchange.of(name, recorded, leftOut));
      }
      int number = 0;
      for (var each : recorded.path("exchanges")) {
        all.add(Exchange.of(name + "#" + ++number, each, leftOut));
      }
    }
    return all;
  }

  /** The files of a section as its index lists them. */
  static List<String> files(String section) throws IOException {
    try (var lines = Files.lines(section(section).resolve("INDEX.md"))) {
      var files =
          lines
              .map(line -> line.split("\\|", -1))
              .filter(cells -> cells.length > 3 && cells[1].strip().endsWith(".json"))
              .map(cells -> cells[1].strip())
              .toList();
      // What was recorded later and builds on the rest is listed before it.
      var first = files.stream().filter(file -> file.matches("(.*/)?01-.*")).findFirst();
      int later = files.indexOf(first.orElseThrow());
      return Stream.concat(files.stream().skip(later), files.stream().limit(later)).toList();
    }
  }

  static JsonNode read(String section, String file) throws IOException {
    var recorded = JSON.readTree(section(section).resolve(file).toFile());
    var raw = RAW_BODIES.get(file);
    if (raw != null && recorded.path("response") instanceof ObjectNode response) {
      var bytes = Files.readAllBytes(section(section).resolve(raw));
      int count = response.path("total_bytes").asInt();
      response.put("base64", Arrays.copyOfRange(bytes, bytes.length - count, bytes.length));
    }
    return recorded;
  }

  private static Path root() {
    return Optional.ofNullable(System.getProperty("slipway.recordings"))
        .or(() -> Optional.ofNullable(System.getenv("SLIPWAY_RECORDINGS")))
        .map(Path::of)
        .orElseGet(Recordings::besideTheRepository);
  }

  private static Path besideTheRepository() {
    var directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.exists(directory.resolve("Makefile"))) {
      directory = directory.getParent();
    }
    return directory == null
        ? Path.of("recordings")
        : directory.resolve("../shared/recordings").normalize();
  }
}
