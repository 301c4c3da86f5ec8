package dev.slipway.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a real cluster answered; lies beside the repository, and tests are skipped without it. */
public final class Recordings {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path root;

  private Recordings(Path root) {
    this.root = root;
  }

  /** One event of a watch. */
  public record Seen<T>(double at, String type, T object) {}

  public static Recordings present() {
    String configured =
        Optional.ofNullable(System.getProperty("slipway.recordings"))
            .or(() -> Optional.ofNullable(System.getenv("SLIPWAY_RECORDINGS")))
            .orElse("../../shared/recordings");
    Path root = Path.of(configured);
    assumeTrue(
        Files.isDirectory(root), "The recordings of a real cluster are not at " + configured);
    return new Recordings(root);
  }

  public String text(String path) throws IOException {
    return Files.readString(root.resolve(path));
  }

  public byte[] bytes(String path) throws IOException {
    return Files.readAllBytes(root.resolve(path));
  }

  public JsonNode json(String path) throws IOException {
    return JSON.readTree(root.resolve(path).toFile());
  }

  /** The events of a watch; a spec that the recording left out is that of the event before. */
  public <T extends KubernetesResource> List<Seen<T>> watch(String path, Class<T> type)
      throws IOException {
    List<Seen<T>> events = new ArrayList<>();
    Map<String, JsonNode> specs = new HashMap<>();
    for (JsonNode event : json(path).path("events")) {
      JsonNode object = event.path("object");
      String name = object.path("metadata").path("name").asText();
      if (object.has("spec")) {
        specs.put(name, object.get("spec"));
      } else if (specs.containsKey(name)) {
        ((com.fasterxml.jackson.databind.node.ObjectNode) object).set("spec", specs.get(name));
      }
      events.add(
          new Seen<>(
              event.path("at").asDouble(),
              event.path("type").asText(),
              Serialization.unmarshal(object.toString(), type)));
    }
    assertThat(events).as(path).isNotNull();
    return events;
  }
}
