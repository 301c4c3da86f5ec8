package dev.slipway.demo.cluster.api.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares answers with recorded ones. What differs in every cluster (uids, versions, random names)
 * is learned: the recorded value stands for the one that this cluster gave in its place.
 */
final class Comparison {
  /**
   * @param place where, such as {@code .spec.ports[].nodePort} or {@code header Warning}
   * @param what both sides, for a person
   */
  record Difference(String place, String what) {}

  private static final Set<String> LEARNED = Set.of("uid", "resourceVersion", "continue", "value");
  private static final Set<String> ONLY_PRESENT =
      Set.of(
          "time",
          "creationTimestamp",
          "deletionTimestamp",
          "lastTransitionTime",
          "description",
          "storageVersionHash",
          "ca.crt",
          "clusterIP",
          "clusterIPs",
          "nodePort");
  private static final Set<String> ALIVE =
      Set.of("Deployment", "ReplicaSet", "Job", "Pod", "Scale");
  private static final Set<String> HEADERS =
      Set.of("Content-Type", "Cache-Control", "Retry-After", "Vary", "Warning");
  private static final Pattern WORD = Pattern.compile("[\\w-]+");
  private static final Pattern BY_CHANCE =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z|(?<=kube-api-access-)\\w{5}|(?<=current: )\\d+"
              + "|(?<=old resource version: \\d{1,9} \\()\\d+|^(\\d+[smhdy]){1,2}$"
              // A whole object, with its managers in the order of their times.
              + "|(?<=Invalid value: )\"\\{.*}\"");

  private final Map<String, String> learned = new HashMap<>();
  private List<Difference> found = List.of();

  /** What this cluster says instead of a recorded word. */
  String translated(String recorded) {
    return learned.getOrDefault(recorded, recorded);
  }

  boolean knows(String recorded) {
    return learned.containsKey(recorded);
  }

  void learn(String recorded, String ours) {
    if (!recorded.isEmpty()) {
      learned.put(recorded, ours);
    }
  }

  /** Translates what is sent: uids, versions and tokens anywhere in a body, whole words in text. */
  void translate(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (var field : Set.copyOf(object.properties())) {
        if (field.getValue().isTextual() && knows(field.getValue().asText())) {
          object.put(field.getKey(), translated(field.getValue().asText()));
        }
      }
    }
    node.forEach(this::translate);
  }

  /** Every place that differs; none when the answers agree. */
  List<Difference> differences(Exchange recorded, Exchange.Answer ours) {
    found = new ArrayList<>();
    var expected = recorded.answer();
    if (expected.status() != ours.status()) {
      differ("status", ours.status() + " " + ours.body(), expected.status());
      return found;
    }
    var tag = ours.headers().getOrDefault("Etag", List.of(""));
    expected
        .headers()
        .getOrDefault("Etag", List.of())
        .forEach(it -> learn(unquoted(it), unquoted(tag.getFirst())));
    for (var header : HEADERS) {
      var wanted = expected.headers().getOrDefault(header, List.of());
      var given = ours.headers().getOrDefault(header, List.of());
      if (!wanted.equals(given)) {
        differ("header " + header, given, wanted);
      }
    }
    if (recorded.request().path().contains("/log") && expected.status() == 200) {
      if (!expected.body().asText().equals(ours.body().asText())) {
        differ("bytes", ours.body(), expected.body());
      }
    } else if (!expected.body().asText().matches("<\\d+ bytes, see a-api>")) {
      compare(
          "",
          normal(expected.body(), recorded.managedFieldsLeftOut()),
          normal(ours.body(), recorded.managedFieldsLeftOut()));
    }
    return found;
  }

  /** The same for the events of a watch. */
  List<Difference> events(Exchange recorded, List<JsonNode> ours) {
    found = new ArrayList<>();
    var expected = visible(recorded, recorded.answer().events());
    var given = visible(recorded, ours);
    for (int i = 0; i < Math.min(expected.size(), given.size()); i++) {
      var one = expected.get(i);
      compare("[" + i + "].type", one.path("type"), given.get(i).path("type"));
      compare("[" + i + "].object", one.path("object"), given.get(i).path("object"));
    }
    if (expected.size() != given.size()) {
      differ("events", given.size() + " " + given, expected.size());
    }
    return found;
  }

  /** The events that tell something else than the one before, apart from what controllers do. */
  List<JsonNode> visible(Exchange recorded, List<JsonNode> events) {
    var visible = new ArrayList<JsonNode>();
    JsonNode last = MissingNode.getInstance();
    for (var event : events) {
      var normal = normal(event, recorded.managedFieldsLeftOut());
      var compared = normal.path("object").deepCopy();
      boolean alive = ALIVE.contains(event.at("/object/kind").asText());
      if (compared.path("metadata") instanceof ObjectNode metadata) {
        metadata.remove(List.of("resourceVersion", "managedFields"));
      }
      if (!alive || !compared.equals(last)) {
        visible.add(normal);
      }
      last = compared;
    }
    return visible;
  }

  /**
   * Without what the recording leaves out, and without what controllers write in their own time:
   * {@code RolloutIT} holds that against recordings of its own.
   */
  private static JsonNode normal(JsonNode node, boolean withoutManagedFields) {
    var normal = node.deepCopy();
    normalize(normal, withoutManagedFields);
    return normal;
  }

  private static void normalize(JsonNode node, boolean withoutManagedFields) {
    if (node instanceof ObjectNode object
        && object.path("metadata") instanceof ObjectNode metadata) {
      if (withoutManagedFields) {
        metadata.remove("managedFields");
      }
      if (ALIVE.contains(object.path("kind").asText())) {
        object.remove("status");
        withoutControllers(metadata);
      }
    }
    if (node.path("causes") instanceof ArrayNode causes && causes.size() > 1) {
      // Within one object a real server goes through the fields as Go's maps do: by chance.
      var sorted = causes.valueStream().sorted(Comparator.comparing(JsonNode::toString)).toList();
      causes.removeAll().addAll(sorted);
    }
    if (node instanceof ObjectNode status && status.at("/details/causes").size() > 1) {
      status.put("message", "the causes");
    }
    node.forEach(each -> normalize(each, withoutManagedFields));
  }

  private static void withoutControllers(ObjectNode metadata) {
    if (metadata.path("annotations") instanceof ObjectNode annotations) {
      annotations.remove("deployment.kubernetes.io/revision");
      if (annotations.isEmpty()) {
        metadata.remove("annotations");
      }
    }
    if (metadata.path("managedFields") instanceof ArrayNode managers) {
      managers.removeIf(
          each -> each.path("manager").asText().matches("kube-controller-manager|kubelet"));
      if (managers.isEmpty()) {
        metadata.remove("managedFields");
      }
    }
  }

  private void compare(String at, JsonNode recorded, JsonNode answer) {
    if (at.endsWith(".managedFields")) {
      // Their order goes by times, which are not those of the recording.
      compareAll(at, sortedManagers(recorded), sortedManagers(answer));
    } else if (recorded.isObject() && answer.isObject()) {
      if (recorded.has("kind")) {
        alive = ALIVE.contains(recorded.path("kind").asText());
      }
      learnName(recorded, answer);
      for (var field : recorded.properties()) {
        compareField(at + "." + field.getKey(), field.getKey(), recorded, answer);
      }
      for (var field : answer.properties()) {
        if (!recorded.has(field.getKey()) && !ONLY_PRESENT.contains(field.getKey())) {
          differ(at + "." + field.getKey(), field.getValue(), "nothing");
        }
      }
    } else if (recorded.isArray() && answer.isArray()) {
      compareAll(at, recorded.valueStream().toList(), answer.valueStream().toList());
    } else if (!same(recorded, answer)) {
      differ(at, answer.isMissingNode() ? "nothing" : answer, recorded);
    }
  }

  private void compareAll(String at, List<JsonNode> recorded, List<JsonNode> answer) {
    if (recorded.size() != answer.size()) {
      differ(at, named(answer).keySet(), named(recorded).keySet());
      var ours = named(answer);
      named(recorded)
          .forEach((name, each) -> ifPresent(ours.get(name), it -> compare(at + "[0]", each, it)));
      return;
    }
    for (int i = 0; i < recorded.size(); i++) {
      compare(at + "[" + i + "]", recorded.get(i), answer.get(i));
    }
  }

  private static void ifPresent(@Nullable JsonNode node, Consumer<JsonNode> action) {
    if (node != null) {
      action.accept(node);
    }
  }

  private static Map<String, JsonNode> named(List<JsonNode> elements) {
    var named = new TreeMap<String, JsonNode>();
    for (var each : elements) {
      var name = each.at("/metadata/name").asText() + each.path("name").asText();
      named.put(name.isEmpty() ? each.path("resource").asText(each.toString()) : name, each);
    }
    return named;
  }

  private static List<JsonNode> sortedManagers(JsonNode managers) {
    return managers
        .valueStream()
        .sorted(
            Comparator.comparing(
                each ->
                    each.path("manager").asText()
                        + each.path("operation").asText()
                        + each.path("subresource").asText()))
        .toList();
  }

  /** A name that was made from a prefix is another one here. */
  private void learnName(JsonNode recorded, JsonNode answer) {
    var prefix = recorded.path("generateName").asText();
    if (!prefix.isEmpty() && answer.path("name").asText().startsWith(prefix)) {
      learned.putIfAbsent(recorded.path("name").asText(), answer.path("name").asText());
    }
  }

  private void compareField(String at, String name, JsonNode recordedIn, JsonNode answerIn) {
    var recorded = recordedIn.path(name);
    var answer = answerIn.path(name);
    if (LEARNED.contains(name) && recorded.isTextual() && answer.isTextual()) {
      if (name.equals("resourceVersion") && recordedIn.has("uid")) {
        compareVersions(at, recorded.asText(), answer.asText());
        learn(recorded.asText(), answer.asText());
      } else if (!name.equals("resourceVersion") || !knows(recorded.asText())) {
        // The version of a list is that of the object which was written last.
        learn(recorded.asText(), answer.asText());
      }
    } else if (ONLY_PRESENT.contains(name)) {
      if (answer.isMissingNode()) {
        differ(at, "nothing", recorded);
      }
    } else {
      compare(at, recorded, answer);
    }
  }

  private boolean alive;
  private final Set<String> versions = new HashSet<>();

  /** A version stays where the recorded one did, and moves where it moved. */
  private void compareVersions(String at, String recorded, String answer) {
    if (alive) {
      return; // A controller may have written in between.
    }
    if (knows(recorded) && !translated(recorded).equals(answer)) {
      differ(at, answer, translated(recorded) + ", as before");
    } else if (!versions.add(answer) && !knows(recorded)) {
      differ(at, answer + ", as before,", recorded + ", which is new");
    }
  }

  /** Texts are the same when they are so after what has been learned is put in. */
  private boolean same(JsonNode recorded, JsonNode answer) {
    if (recorded.equals(answer)) {
      return true;
    }
    if (recorded.isMissingNode() || !recorded.isTextual() || !answer.isTextual()) {
      return recorded.isMissingNode() && answer.isMissingNode();
    }
    if (translated(recorded.asText()).equals(answer.asText())) {
      return true;
    }
    var expected = WORD.matcher(recorded.asText()).replaceAll(word -> translated(word.group()));
    return withoutChance(expected).equals(withoutChance(answer.asText()));
  }

  private static String unquoted(String tag) {
    return tag.replace("\"", "");
  }

  private static String withoutChance(String text) {
    return BY_CHANCE.matcher(text).replaceAll("…");
  }

  private void differ(String place, Object ours, Object recorded) {
    found.add(
        new Difference(
            place.replaceAll("\\[\\d+]", "[]"), shortened(ours) + " for " + shortened(recorded)));
  }

  private static String shortened(Object side) {
    var text = side instanceof TextNode word ? word.asText() : side.toString();
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }
}
