package dev.slipway.demo.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.api.replay.Recordings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What happened to one object and around it, with names made comparable.
 *
 * @param conditions each different list of conditions that the object had, in order
 * @param events what the control plane's components said, sorted
 */
record Story(List<List<String>> conditions, List<String> events) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern GENERATED =
      Pattern.compile(
          "\\b(web|build)-(?:([a-z0-9]{6,10})\\b(?:-([a-z0-9]{5})\\b)?|([a-z0-9]{5})\\b)");

  /** Reads a recorded scenario; skips the test when the recordings are not there. */
  static Story recorded(String scenario, String resource) {
    var folder = Recordings.section(scenario);
    var objects = objects(folder.resolve(resource + ".watch.json"));
    var events = folder.resolve("events.watch.json");
    return of(objects, Files.exists(events) ? objects(events) : finalEvents(folder));
  }

  /** Without the states in which a condition had this reason. */
  Story without(String reason) {
    return new Story(
        conditions.stream()
            .filter(now -> now.stream().noneMatch(c -> c.contains(" " + reason + " ")))
            .toList(),
        events);
  }

  /** With each event once: how often something is tried again is chance. */
  Story withoutRepeats() {
    return new Story(conditions, events.stream().distinct().toList());
  }

  private static List<JsonNode> objects(Path file) {
    var objects = new ArrayList<JsonNode>();
    read(file).path("events").forEach(event -> objects.add(event.path("object")));
    return objects;
  }

  private static List<JsonNode> finalEvents(Path folder) {
    var events = new ArrayList<JsonNode>();
    read(folder.resolve("final.json")).path("events").forEach(events::add);
    return events;
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the story of what a watch showed. */
  static Story of(List<JsonNode> objects, List<JsonNode> events) {
    var names = new HashMap<String, String>();
    var conditions = new ArrayList<List<String>>();
    for (var object : objects) {
      var now = conditions(object, names);
      if (conditions.isEmpty() || !conditions.getLast().equals(now)) {
        conditions.add(now);
      }
    }
    return new Story(conditions, events(events, names));
  }

  private static List<String> conditions(JsonNode object, Map<String, String> names) {
    var conditions = new ArrayList<String>();
    object
        .at("/status/conditions")
        .forEach(
            c ->
                conditions.add(
                    String.join(
                        " ",
                        c.path("type").asText(),
                        c.path("status").asText(),
                        c.path("reason").asText(),
                        comparable(c.path("message").asText(), names))));
    return conditions;
  }

  private static List<String> events(List<JsonNode> events, Map<String, String> names) {
    var sentences = new ArrayList<String>();
    for (var event : events) {
      var component =
          event.at("/source/component").asText(event.path("reportingComponent").asText());
      if (!component.equals("kubelet")) {
        sentences.add(
            String.join(
                " ",
                component.isEmpty() ? event.path("reportingComponent").asText() : component,
                event.path("type").asText(),
                event.path("reason").asText(),
                comparable(
                    event.path("message").asText().replace("(combined from similar events): ", ""),
                    names)));
      }
    }
    return sentences.stream().sorted().toList();
  }

  /** Hashes become numbers in the order of their appearance, pods a star, namespaces nothing. */
  private static String comparable(String text, Map<String, String> names) {
    return GENERATED
        .matcher(text.replaceAll("assigned [^/]+/", "assigned "))
        .replaceAll(
            found -> {
              if (found.group(2) == null) {
                return found.group(1) + "-*";
              }
              var set = names.computeIfAbsent(found.group(2), _ -> "#" + (names.size() + 1));
              return found.group(1) + "-" + set + (found.group(3) == null ? "" : "-*");
            });
  }
}
