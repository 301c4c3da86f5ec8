package dev.slipway.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A pattern of a Remote in the first line, a branch that somebody pushes in the second. */
class BranchPatternFuzzTest {

  public static void fuzzerTestOneInput(byte[] input) {
    String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", 2);
    BranchPattern pattern;
    try {
      pattern = BranchPattern.parse(lines[0]);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(pattern.matches(lines[0])).isTrue();
    boolean matches = pattern.matches(lines.length > 1 ? lines[1] : "");
    if (lines.length > 1 && lines[0].matches("[\\w/.-]+")) {
      assertThat(matches).isEqualTo(lines[0].equals(lines[1]));
    }
  }

  @Test
  void patternsAreRefusedOrMatchWhatTheySay() {
    FuzzRun.of(BranchPatternFuzzTest.class, BranchPatternFuzzTest::fuzzerTestOneInput);
  }
}
