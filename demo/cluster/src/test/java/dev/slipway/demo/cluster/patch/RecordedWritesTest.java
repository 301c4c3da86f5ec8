package dev.slipway.demo.cluster.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds every recorded write against what a real API server answered. */
class RecordedWritesTest {
  private static final JsonNode DIFFERENCES = differences();

  @TestFactory
  Stream<DynamicTest> answersAsRecorded() {
    Optional<Path> folder = Recording.folder();
    assumeTrue(folder.isPresent(), "the recordings are not beside this clone: nothing to compare");
    return Stream.of(
            "b-apply/configmap",
            "b-apply/service",
            "b-apply/deployment",
            "b-apply/patches",
            "b-apply/remote",
            "a-api/cr-create",
            "a-api/cr-update",
            "a-api/builtin",
            "a-api/crd")
        .flatMap(section -> replay(folder.get(), section));
  }

  private static Stream<DynamicTest> replay(Path folder, String section) {
    JsonNode definition =
        Recording.of(folder, "a-api/crd").stream()
            .filter(each -> each.name().endsWith("03-create.json"))
            .findFirst()
            .orElseThrow()
            .document()
            .at("/request/body");
    RecordedServer server = new RecordedServer(definition);
    if (section.endsWith("cr-update")) {
      Recording.of(folder, "a-api/cr-create").forEach(server::learn);
    }
    List<Recording> recordings = Recording.of(folder, section);
    recordings.stream().filter(Recording::isWatch).forEach(server::learn);
    List<DynamicTest> tests = new ArrayList<>();
    for (Recording each : recordings) {
      if (!each.isWatch()
          && !Set.of("GET", "DELETE").contains(each.method())
          && !DIFFERENCES.path("elsewhere").has(each.name())) {
        tests.add(compare(server, each));
      } else if (!each.isWatch()) {
        tests.add(DynamicTest.dynamicTest("learn " + each.name(), () -> server.learn(each)));
      }
    }
    return tests.stream();
  }

  private static DynamicTest compare(RecordedServer server, Recording recording) {
    return DynamicTest.dynamicTest(
        recording.name(),
        () -> {
          RecordedServer.Answer answer = null;
          try {
            answer = server.send(recording);
          } finally {
            server.learn(recording);
          }
          JsonNode expected = normalized(recording.answer());
          JsonNode actual = normalized(answer.body());
          if (DIFFERENCES.path("differences").has(recording.name())) {
            boolean differs =
                !actual.equals(expected) || !answer.warnings().equals(recording.warnings());
            assertThat(differs).as("known difference that no longer is one").isTrue();
          } else {
            assertThat(pretty(actual)).as(recording.name()).isEqualTo(pretty(expected));
            assertThat(answer.warnings()).as(recording.name()).isEqualTo(recording.warnings());
          }
        });
  }

  /**
   * Times of owners and the order of causes, which a real server leaves to chance, do not count.
   */
  private static JsonNode normalized(JsonNode body) {
    JsonNode copy = body.deepCopy();
    for (JsonNode each : copy.at("/metadata/managedFields")) {
      if (each.has("time")) {
        ((ObjectNode) each).put("time", "some");
      }
    }
    if (copy.path("kind").asText().equals("Scale")) {
      // What the pods are doing meanwhile.
      ((ObjectNode) copy).withObjectProperty("status").remove("replicas");
    }
    if (copy.at("/details/causes") instanceof ArrayNode causes) {
      List<JsonNode> sorted =
          causes.valueStream().sorted((a, b) -> a.toString().compareTo(b.toString())).toList();
      causes.removeAll().addAll(sorted);
      if (causes.size() > 1 && copy.path("reason").asText().equals("Invalid")) {
        ((ObjectNode) copy).remove("message");
      }
    }
    return copy;
  }

  private static String pretty(JsonNode node) {
    // The name of the volume with a pod's token ends in chance.
    return sorted(node).toPrettyString().replaceAll("kube-api-access-\\w{5}", "kube-api-access-x");
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode sorted = object.objectNode();
      Map<String, JsonNode> fields = new HashMap<>();
      object.properties().forEach(each -> fields.put(each.getKey(), sorted(each.getValue())));
      fields.keySet().stream().sorted().forEach(key -> sorted.set(key, fields.get(key)));
      return sorted;
    }
    if (node instanceof ArrayNode list) {
      ArrayNode sorted = list.arrayNode();
      list.forEach(each -> sorted.add(sorted(each)));
      return sorted;
    }
    return node;
  }

  private static JsonNode differences() {
    try (var in = RecordedWritesTest.class.getResourceAsStream("known-differences.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
