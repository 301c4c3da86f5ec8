package dev.slipway.demo.cluster.api.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.replay.Recordings;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tables that a real server made for {@code kubectl get}, for the kinds that there are here.
 */
class BuiltInColumnsTest {
  @ParameterizedTest
  @ValueSource(strings = {"41-get-deploy-rs-pods", "42-get-all", "44-get-events", "49-get-jobs"})
  void aKindHasTheColumnsOfARealServer(String recording) throws IOException {
    var file = Recordings.section("g-kubectl").resolve(recording + ".json");
    var here = new TreeMap<String, List<String>>();
    var recorded = new TreeMap<String, List<String>>();
    for (var exchange : new ObjectMapper().readTree(file.toFile()).path("exchanges")) {
      var answer = exchange.at("/response/body");
      var type = type(URI.create(exchange.at("/request/path").asText()).getPath());
      if (type.isPresent() && answer.has("columnDefinitions")) {
        var kind = type.get().kind();
        here.put(kind, columns(table(type.get())));
        recorded.put(kind, columns(answer));
      }
    }
    assertThat(here).isNotEmpty().isEqualTo(recorded);
  }

  /** Of a path such as {@code /apis/apps/v1/namespaces/shop/deployments}. */
  private static Optional<ResourceType> type(String path) {
    var parts = List.of(path.split("/", -1));
    return parts.size() < 6
        ? Optional.empty()
        : new ResourceTypes()
            .find(
                parts.get(1).equals("api") ? "" : parts.get(2),
                parts.get(parts.size() - 4),
                parts.getLast());
  }

  private static JsonNode table(ResourceType type) {
    return new Tables(InstantSource.system()).of(type, List.of(), Json.object(), "None", true);
  }

  private static List<String> columns(JsonNode table) {
    return table
        .path("columnDefinitions")
        .valueStream()
        .map(
            column ->
                "%s: %s, format '%s', priority %d"
                    .formatted(
                        column.path("name").asText(),
                        column.path("type").asText(),
                        column.path("format").asText(),
                        column.path("priority").asInt()))
        .toList();
  }
}
