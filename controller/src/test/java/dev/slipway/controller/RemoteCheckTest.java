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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found about a Remote, and the config that gitd gets all the same. */
class RemoteCheckTest {
  private static final GoldenFiles FILES = GoldenFiles.in("check");

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
