package dev.slipway.hooks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The headers WWW-Authenticate of a registry, one in each line. */
class ChallengeFuzzTest {

  public static void fuzzerTestOneInput(byte[] input) {
    var headers = new String(input, StandardCharsets.UTF_8).lines().toList();
    Challenge.best(headers)
        .ifPresent(
            challenge -> {
              assertThat(challenge.scheme()).isIn("bearer", "basic");
              assertThat(String.join("\n", headers).toLowerCase(Locale.ROOT))
                  .contains(challenge.scheme());
              assertThat(challenge.parameters().keySet()).allMatch(it -> it.matches("[a-z_]+"));
              assertThat(String.join("", challenge.parameters().values()))
                  .doesNotContain("\n", "\r");
            });
  }

  @Test
  void challengesAreReadWhateverARegistrySends() {
    FuzzRun.of(ChallengeFuzzTest.class, ChallengeFuzzTest::fuzzerTestOneInput);
  }
}
