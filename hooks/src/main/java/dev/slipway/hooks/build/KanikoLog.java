package dev.slipway.hooks.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.hooks.kube.PlainText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Kaniko's log line by line: its own lines are JSON, what RUN steps print and the final error
 * are not.
 */
final class KanikoLog {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int KEPT = 20;
  private static final Pattern STEP =
      Pattern.compile(
          "(?:Unpacking rootfs as cmd )?((?:FROM|RUN|COPY|ADD|WORKDIR|USER|ENV|ARG|LABEL|CMD|ENTRYPOINT|EXPOSE|VOLUME|SHELL|STOPSIGNAL|HEALTHCHECK|ONBUILD|MAINTAINER) .*?)(?: requires it\\.)?");
  private static final Pattern ERROR =
      Pattern.compile(
          "error (?:building|checking|pushing|resolving|creating|executing)\\b.*|Error: .*");

  /** Said twice, or of no use to anybody who does not debug Kaniko itself. */
  private static final Pattern NOISE =
      Pattern.compile(
          "(?:Cmd: |Args: \\[|Returning cached image manifest|Built cross stage deps).*");

  private final Deque<String> output = new ArrayDeque<>();
  private String step = "";
  private String base = "";
  private String error = "";

  /** Takes in a line and returns what is to be shown of it. */
  Optional<String> read(String line) {
    Optional<JsonNode> entry = entry(line);
    if (entry.isEmpty()) {
      return raw(PlainText.of(line));
    }
    String message = PlainText.oneLine(entry.get().path("msg").asText());
    String level = entry.get().path("level").asText();
    Matcher matcher = STEP.matcher(message);
    if (matcher.matches()) {
      step = matcher.group(1);
      output.clear();
    }
    if (message.startsWith("Retrieving image manifest ")) {
      base = message.substring("Retrieving image manifest ".length());
    }
    if (level.equals("fatal") || level.equals("error") || level.equals("panic")) {
      error = message;
    }
    if (message.isEmpty() || NOISE.matcher(message).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        level.equals("info") ? message : level.toUpperCase(Locale.ROOT) + ": " + message);
  }

  private Optional<String> raw(String line) {
    if (line.equals("{}")) {
      // What Kaniko's JSON format makes of the empty line after its final error.
      return Optional.empty();
    }
    if (ERROR.matcher(line).matches()) {
      error = line;
    } else if (!line.isBlank()) {
      output.addLast(line);
      if (output.size() > KEPT) {
        output.removeFirst();
      }
    }
    return Optional.of(line);
  }

  /** The instruction that runs or ran last, empty before the first. */
  String step() {
    return step;
  }

  /** The base image that was looked up last. */
  String base() {
    return base;
  }

  /** Kaniko's own last error, empty if there was none. */
  String error() {
    return error;
  }

  /** The last lines that are not Kaniko's own, of the present step. */
  List<String> output() {
    return List.copyOf(output);
  }

  private static Optional<JsonNode> entry(String line) {
    if (!line.startsWith("{\"")) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(line);
      return node.path("level").isTextual() && node.path("msg").isTextual()
          ? Optional.of(node)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
