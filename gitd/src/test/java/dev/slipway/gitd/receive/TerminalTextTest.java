package dev.slipway.gitd.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {
  @Test
  void plainTextStaysAsItIs() {
    assertThat(TerminalText.lines("  web | Größe:\t3 → 4 ✓"))
        .containsExactly("  web | Größe:\t3 → 4 ✓");
  }

  @Test
  void emptyLineStaysALine() {
    assertThat(TerminalText.lines("")).containsExactly("");
  }

  @Test
  void longLinesAreKept() {
    assertThat(TerminalText.lines("x".repeat(200_000))).singleElement().asString().hasSize(200_000);
  }

  @Test
  void escapesAndControlCharactersAreTakenOut() {
    assertThat(
            TerminalText.lines(
                "\u001b[31;1mred\u001b[0m \u001b]0;title\u0007b\u001b]8;;http://x\u001b\\l\u0008\u0000\u009b2Jk\u001b(Bz\u202e"))
        .containsExactly("red blkz");
  }

  @Test
  void unfinishedEscapeDoesNotReachTheTerminal() {
    assertThat(TerminalText.lines("a\u001b").getFirst()).isEqualTo("a");
    assertThat(TerminalText.lines("a\u001b]0;never closed").getFirst()).isEqualTo("a");
  }

  @Test
  void carriageReturnsBecomeLines() {
    assertThat(TerminalText.lines("10%\r20%\r\ndone")).containsExactly("10%", "20%", "done");
  }
}
