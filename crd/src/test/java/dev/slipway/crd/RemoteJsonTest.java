package dev.slipway.crd;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that Gitkube's CRD without a schema let through can be read, and is written back. */
class RemoteJsonTest {
  private static final Path FILES = Path.of("src/test/resources/gitkube");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void readsAndWritesWhatGitkubeAccepted(Path file) throws IOException {
    String text = Files.readString(file);
    Remote remote = Serialization.unmarshal(text, Remote.class);

    JsonNode written = Serialization.unmarshal(Serialization.asJson(remote), JsonNode.class);

    JsonNode original = Serialization.unmarshal(text, JsonNode.class);
    assertThat(withoutNulls(written.path("spec"))).isEqualTo(withoutNulls(original.path("spec")));
    assertThat(Serialization.unmarshal(written.toString(), Remote.class).getSpec())
        .isEqualTo(remote.getSpec());
  }

  /** Of an older or newer version of the resource: one such Remote must not hide all others. */
  @Test
  void readsPastFieldsThatItDoesNotKnow() {
    Remote remote =
        Serialization.unmarshal(
            """
            metadata: {name: dev}
            spec:
              unknown: {a: 1}
              branches: [release]
              registry: {unknown: 1, credentials: {unknown: 1, secretKeyRef: {unknown: 1}}}
              manifests: {unknown: 1, helm: {unknown: 1}}
              deployments: [{unknown: 1, containers: [{unknown: 1, buildArgs: [{unknown: 1}]}]}]
              service: {unknown: 1}
              storage: {unknown: 1}
              rollout: {unknown: 1}
              builder: {unknown: 1, resources: {unknown: 1}}
            status: {unknown: 1, lastPush: {unknown: 1}, gitd: {unknown: 1}, inventory: [{unknown: 1}]}
            """,
            Remote.class);

    assertThat(remote.getSpec().branches()).containsExactly("release");
  }

  @Test
  void helmValuesKeepTheirShape() throws IOException {
    assertThat(helmValues("helm-list.yaml")).isInstanceOf(ArrayNode.class);
    assertThat(helmValues("helm-map.yaml")).isInstanceOf(ObjectNode.class);
  }

  private static @Nullable JsonNode helmValues(String file) throws IOException {
    Remote remote = Serialization.unmarshal(Files.readString(FILES.resolve(file)), Remote.class);
    return requireNonNull(requireNonNull(remote.getSpec().manifests()).helm()).values();
  }

  private static JsonNode withoutNulls(JsonNode node) {
    for (var values = node.iterator(); values.hasNext(); ) {
      JsonNode value = withoutNulls(values.next());
      if (value.isNull() && node.isObject()) {
        values.remove();
      }
    }
    return node;
  }
}
