package dev.slipway.hooks.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of text with which somebody would like to do something to a terminal. */
class PlainTextTest {
  private static final String SMILE = "\ud83d\ude00";

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "a \u001b[31mred\u001b[0m, a red",
    "a\u001b]0;title\u0007b, ab",
    "a\u001b]8;;http://x\u001b\\b, ab",
    "a\u001bcb, ab",
    "a\u001b, a",
    "a\u009b31mb, a31mb",
    "a\u0000\u0007\u0008\u007f\u0085b, ab",
    "a\tb, a    b",
    "naïve ünïcode \u4f60\u597d, naïve ünïcode \u4f60\u597d",
  })
  void takesOutWhatATerminalWouldObey(String text, String plain) {
    assertThat(PlainText.of(text)).isEqualTo(plain);
    assertThat(PlainText.oneLine(text)).isEqualTo(plain);
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      chars = {
        '\u061c', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066',
        '\u2067', '\u2068', '\u2069'
      })
  void takesOutWhatTurnsTheDirectionRound(char mark) {
    assertThat(PlainText.of("gpj." + mark + "exe")).isEqualTo("gpj.exe");
  }

  @Test
  void showsOfALineThatOverwritesItselfTheLastState() {
    assertThat(PlainText.of("10 %\r50 %\r100 %\r\n")).isEqualTo("100 %");
    assertThat(PlainText.oneLine("  Good\r\n\n  =====> Deployed\u2028 \n"))
        .isEqualTo("Good; =====> Deployed");
  }

  @Test
  void cutsNoCharacterInTwo() {
    assertThat(PlainText.cut("ab" + SMILE, 4)).isEqualTo("ab" + SMILE);
    assertThat(PlainText.cut("ab" + SMILE + "c", 4)).isEqualTo("ab" + SMILE + "…");
    assertThat(PlainText.cut("ab" + SMILE, 3)).isEqualTo("ab…");
    assertThat(PlainText.of("x".repeat(1999) + SMILE)).isEqualTo("x".repeat(1999) + "…");
  }
}
