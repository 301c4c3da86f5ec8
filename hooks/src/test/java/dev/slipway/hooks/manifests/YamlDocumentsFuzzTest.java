package dev.slipway.hooks.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Manifests as a commit brings them. */
class YamlDocumentsFuzzTest {

  public static void fuzzerTestOneInput(byte[] input) throws InvalidManifestException {
    List<JsonNode> documents;
    try {
      documents = new YamlDocuments().read(new String(input, StandardCharsets.UTF_8));
    } catch (InvalidManifestException e) {
      assertThat(e).message().isNotBlank().doesNotContainPattern("\\p{Cc}");
      return;
    }
    for (JsonNode document : documents) {
      assertThat(document.isPojo()).isFalse();
    }
  }

  @Test
  void manifestsAreReadOrRefusedInASentence() {
    FuzzRun.of(YamlDocumentsFuzzTest.class, YamlDocumentsFuzzTest::fuzzerTestOneInput);
  }
}
