package dev.slipway.gitd.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.fuzz.FuzzRun;
import dev.slipway.gitd.config.ConfigDocument.BrokenConfigException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The document that gitd is configured with, as whoever may write the Secret can write it. */
class ConfigDocumentFuzzTest {

  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    GitdConfig config;
    try {
      config = ConfigDocument.parse(new String(input, StandardCharsets.UTF_8));
    } catch (BrokenConfigException e) {
      // Not a word of the Secret.
      assertThat(e)
          .message()
          .matches("config.json (cannot be read at line -?\\d+|lacks [a-zA-Z., ]+)");
      return;
    }
    assertThat(ConfigDocument.parse(new ObjectMapper().writeValueAsString(config)))
        .isEqualTo(config);
  }

  @Test
  void documentsAreReadOrRefusedWithoutQuotingThem() {
    FuzzRun.of(ConfigDocumentFuzzTest.class, ConfigDocumentFuzzTest::fuzzerTestOneInput);
  }
}
