package dev.slipway.gitd.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a push prints on the terminal of whoever pushes. */
class TerminalTextFuzzTest {

  public static void fuzzerTestOneInput(byte[] input) {
    List<String> lines = TerminalText.lines(new String(input, StandardCharsets.UTF_8));
    for (String line : lines) {
      assertThat(line)
          .doesNotContainPattern("[\\p{Cc}&&[^\t]]")
          .doesNotContainPattern("[\\u202a-\\u202e\\u2066-\\u2069]");
      assertThat(TerminalText.lines(line)).containsExactly(line);
    }
  }

  @Test
  void noEscapeReachesATerminal() {
    FuzzRun.of(TerminalTextFuzzTest.class, TerminalTextFuzzTest::fuzzerTestOneInput);
  }
}
