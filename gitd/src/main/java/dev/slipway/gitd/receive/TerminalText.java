package dev.slipway.gitd.receive;

import java.util.List;
import java.util.regex.Pattern;

/** Makes text from builds and clusters harmless for a stranger's terminal. */
final class TerminalText {
  /** CSI, OSC and other string sequences, and two-byte escapes, as ECMA-48 has them. */
  private static final Pattern ESCAPES =
      Pattern.compile(
          "(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]"
              + "|\\x1b[\\]PX^_][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)?"
              + "|\\x1b[ -/]*[0-~]?");

  /** C0 except tab, DEL, C1, and marks that change the direction of what follows. */
  private static final Pattern CONTROLS =
      Pattern.compile(
          "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]");

  private TerminalText() {}

  /** The lines of a text, without escapes and control characters; of {@code a\rb}, two lines. */
  static List<String> lines(String text) {
    if (text.isEmpty()) {
      return List.of("");
    }
    return ESCAPES
        .matcher(text)
        .replaceAll("")
        .lines()
        .map(line -> CONTROLS.matcher(line).replaceAll("").stripTrailing())
        .toList();
  }
}
