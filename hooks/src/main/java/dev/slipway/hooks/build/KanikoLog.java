package dev.slipway.hooks.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.hooks.kube.PlainText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads Kaniko's log line by line: its own lines are JSON, what RUN steps print and the final error
 * are not.
 */
final class KanikoLog {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int KEPT = 20;
  private static final Pattern ERROR =
      Pattern.compile("error (?:building|checking|pushing|resolving|creating|executing)\\b.*");

  /** Before the first step nobody but Kaniko writes; afterwards this may be a compiler. */
  private static final Pattern EARLY_ERROR = Pattern.compile("Error: .*");

  private final Deque<String> output = new ArrayDeque<>();
  private final List<String> cached = new ArrayList<>();
  private String step = "";
  private String base = "";
  private String error = "";
  private String heldBack = "";
  private boolean refused;

  /** Takes in a line and returns the lines that are to be shown now. */
  List<String> read(String line) {
    Optional<JsonNode> entry = entry(line);
    if (entry.isEmpty()) {
      return raw(PlainText.of(line));
    }
    String message = PlainText.oneLine(entry.get().path("msg").asText());
    String level = entry.get().path("level").asText();
    List<String> shown = new ArrayList<>(released());
    if (level.equals("info")) {
      shownOf(KanikoMessage.of(message)).ifPresent(shown::add);
      return shown;
    }
    if (level.equals("fatal") || level.equals("error") || level.equals("panic")) {
      error = message;
    }
    shown.add(level.toUpperCase(Locale.ROOT) + ": " + message);
    return shown;
  }

  private Optional<String> shownOf(KanikoMessage message) {
    return switch (message) {
      case KanikoMessage.Stage(String image) -> {
        begin("FROM " + image);
        cached.clear();
        yield Optional.of("Step: " + step);
      }
      case KanikoMessage.Instruction(String text) -> {
        begin(text);
        yield cached.remove(text) ? Optional.empty() : Optional.of("Step: " + text);
      }
      case KanikoMessage.Preparing(String instruction) -> {
        begin(instruction);
        yield Optional.empty();
      }
      case KanikoMessage.Cached(String instruction) -> {
        cached.add(instruction);
        yield Optional.of("cached: " + instruction);
      }
      case KanikoMessage.Lookup(String image) -> {
        base = image;
        yield Optional.empty();
      }
      case KanikoMessage.Chatter() -> Optional.empty();
      case KanikoMessage.Other(String text) -> Optional.of(text);
    };
  }

  private void begin(String instruction) {
    step = instruction;
    output.clear();
  }

  private List<String> raw(String line) {
    if (refused || (!heldBack.isEmpty() && (line.isBlank() || line.equals("{}")))) {
      // The usage after an error, or what the JSON format makes of the empty line after it.
      return List.of();
    }
    if (step.isEmpty() && EARLY_ERROR.matcher(line).matches()) {
      refused = true;
      error = line;
      return List.of();
    }
    List<String> shown = new ArrayList<>(released());
    if (ERROR.matcher(line).matches()) {
      error = line;
      heldBack = line;
      return shown;
    }
    keep(line);
    shown.add(line);
    return shown;
  }

  /**
   * A line that looks like Kaniko's final error is held back: the sentence about the failure says
   * the same. When something follows, a RUN step has printed it.
   */
  private List<String> released() {
    if (heldBack.isEmpty()) {
      return List.of();
    }
    String line = heldBack;
    heldBack = "";
    error = "";
    keep(line);
    return List.of(line);
  }

  private void keep(String line) {
    if (line.isBlank()) {
      return;
    }
    output.addLast(line);
    if (output.size() > KEPT) {
      output.removeFirst();
    }
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
