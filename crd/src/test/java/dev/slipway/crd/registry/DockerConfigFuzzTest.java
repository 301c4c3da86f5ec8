package dev.slipway.crd.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The content of a registry Secret. */
class DockerConfigFuzzTest {
  private static final ImageLocation ELSEWHERE = ImageLocation.of("elsewhere.invalid/team/web");

  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    String text = new String(input, StandardCharsets.UTF_8);
    DockerConfig config;
    try {
      config = DockerConfig.parse(text);
    } catch (InvalidDockerConfigException e) {
      // Not a word of the Secret.
      assertThat(e)
          .message()
          .isIn(
              "it is no JSON",
              "it is no JSON object",
              "an auth in it is not user:password in base64",
              "an auth in it is not in base64");
      return;
    }
    assertThat(Collections.disjoint(config.hosts(), config.hostsWithoutLogin())).isTrue();
    if (!config.hosts().contains(ELSEWHERE.host())) {
      assertThat(config.login(ELSEWHERE)).isEmpty();
    }
    List<ImageLocation> images = new ArrayList<>(List.of(ELSEWHERE));
    config.hosts().forEach(host -> images.add(new ImageLocation(host, "team/web")));
    for (ImageLocation image : images) {
      String built = config.forBuilder(image);
      assertThat(new ObjectMapper().readTree(built).fieldNames())
          .toIterable()
          .containsExactly("auths");
      DockerConfig again = DockerConfig.parse(built);
      assertThat(again.hosts()).isEqualTo(config.hosts());
      assertThat(again.login(image)).isEqualTo(config.login(image));
      assertThat(again.forBuilder(image)).isEqualTo(built);
    }
  }

  @Test
  void loginsGoToTheirOwnRegistryAndIntoNoMessage() {
    FuzzRun.of(DockerConfigFuzzTest.class, DockerConfigFuzzTest::fuzzerTestOneInput);
  }
}
