package dev.slipway.hooks.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Lines of builds and clusters, as a push and the logs show them. */
class PlainTextFuzzTest {

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    for (String plain : new String[] {PlainText.of(text), PlainText.oneLine(text)}) {
      assertThat(plain)
          .doesNotContainPattern("[\\p{Cc}\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]")
          .hasSizeLessThanOrEqualTo(2001);
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(plain)).isTrue();
      assertThat(PlainText.of(plain)).isEqualTo(plain);
    }
  }

  @Test
  void whatIsShownIsOneLineWithNothingHidden() {
    FuzzRun.of(PlainTextFuzzTest.class, PlainTextFuzzTest::fuzzerTestOneInput);
  }
}
