package dev.slipway.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.controller.check.Finding;
import dev.slipway.controller.check.Verdict;
import dev.slipway.crd.gitd.GitdConfig;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found about a Remote, and the config that gitd gets all the same. */
class RemoteCheckTest {
  private static final GoldenFiles FILES = GoldenFiles.in("check");
  private static final GoldenFiles GITKUBE = GoldenFiles.ofGitkube();

  static List<String> cases() throws IOException {
    return FILES.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void findsAllAtOnceAndKeepsWhatIsUsable(String name) throws IOException {
    GoldenInput input = GoldenInput.read(FILES.input(name));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("findings", input.check().verdicts().stream().map(RemoteCheckTest::text).toList());
    result.put("config", config(input));
    FILES.verify(name, GoldenInput.SERIALIZATION.asYaml(result));
  }

  static List<String> shapesOfGitkube() throws IOException {
    return GITKUBE.cases();
  }

  /** Around them there is no other object, so what they refer to is named as missing. */
  @ParameterizedTest
  @MethodSource("shapesOfGitkube")
  void readsWhatGitkubeAcceptedAsItWasMeant(String name) throws IOException {
    GoldenInput input = GoldenInput.read(GITKUBE.input(name));
    JsonNode config = config(input);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put(
        "findings",
        input.check().verdicts().stream()
            .flatMap(verdict -> verdict.findings().stream())
            .map(Finding::reason)
            .toList());
    result.put("keys", config.path("authorizedKeys"));
    result.put("images", config.path("registry").path("prefix").asText("nowhere"));
    result.put("credentials", config.at("/registry/credentials/secret").asText("none"));
    result.put(
        "builds", config.path("targets").valueStream().flatMap(RemoteCheckTest::builds).toList());
    result.put("manifests", config.path("manifests"));
    GITKUBE.verify(name, GoldenInput.SERIALIZATION.asYaml(result));
  }

  private static Stream<String> builds(JsonNode target) {
    return target
        .path("containers")
        .valueStream()
        .map(
            it ->
                "%s/%s: %s in /%s%s, %s"
                    .formatted(
                        target.at("/workload/name").asText(),
                        it.path("name").asText(),
                        it.path("dockerfile").asText(),
                        it.path("path").asText(),
                        it.path("noCache").asBoolean() ? " without cache" : "",
                        it.path("buildArgs")));
  }

  private static Map<String, Object> text(Verdict verdict) {
    List<String> sentences =
        verdict.isGood()
            ? List.of(verdict.good())
            : verdict.findings().stream().map(RemoteCheckTest::text).toList();
    return Map.of(verdict.topic().name(), sentences);
  }

  private static String text(Finding finding) {
    return finding.weight() + " " + finding.reason() + ": " + finding.message();
  }

  private static JsonNode config(GoldenInput input) {
    String encoded =
        input.desired().others().stream()
            .filter(Secret.class::isInstance)
            .map(Secret.class::cast)
            .filter(secret -> secret.getData().containsKey(GitdConfig.KEY))
            .map(secret -> secret.getData().get(GitdConfig.KEY))
            .findFirst()
            .orElseThrow();
    String json = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    // Through the record: what the controller writes, gitd can read.
    GitdConfig config = GoldenInput.SERIALIZATION.unmarshal(json, GitdConfig.class);
    return GoldenInput.SERIALIZATION.convertValue(config, JsonNode.class);
  }
}
