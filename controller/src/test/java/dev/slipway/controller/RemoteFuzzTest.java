package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.controller.check.CheckedRemote;
import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * A Remote that an author wrote, with the objects around it, after the API server let it through.
 */
class RemoteFuzzTest {

  private static final String HEAD =
      """
      apiVersion: gitkube.sh/v1alpha1
      kind: Remote
      metadata: {name: dev}
      """;

  /** Unknown kinds and what is no YAML never come as far as the controller. */
  public static void fuzzerTestOneInput(byte[] input) {
    String spec = new String(input, StandardCharsets.UTF_8);
    GoldenInput remote;
    try {
      remote = GoldenInput.read(HEAD + spec);
      JsonNode written = GoldenInput.SERIALIZATION.convertValue(remote.remote(), JsonNode.class);
      if (written.findValues("spec").isEmpty() || hasNullItem(written)) {
        return;
      }
    } catch (RuntimeException e) {
      return;
    }
    CheckedRemote checked = remote.check();
    assertThat(remote.check().verdicts()).isEqualTo(checked.verdicts());
    assertThat(checked.verdicts())
        .allSatisfy(verdict -> assertThat(verdict.findings()).doesNotContainNull());
    String once = GoldenInput.SERIALIZATION.asJson(remote.desired().others());
    assertThat(GoldenInput.SERIALIZATION.asJson(remote.desired().others())).isEqualTo(once);
  }

  /** The schema has none. */
  private static boolean hasNullItem(JsonNode node) {
    return node.valueStream().anyMatch(it -> (node.isArray() && it.isNull()) || hasNullItem(it));
  }

  @Test
  void oneRemoteIsCheckedToTheEndWhateverItSays() {
    FuzzRun.of(RemoteFuzzTest.class, RemoteFuzzTest::fuzzerTestOneInput, 60);
  }
}
