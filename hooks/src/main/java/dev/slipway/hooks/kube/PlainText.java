package dev.slipway.hooks.kube;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes text of strangers safe to show on a terminal and in a log: one line, nothing hidden. */
public final class PlainText {
  private static final int MAX = 2000;

  /** CSI and OSC sequences, then any other two-character escape. */
  private static final Pattern ESCAPES =
      Pattern.compile(
          "\\x1b\\[[0-?]*[ -/]*[@-~]|\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)|\\x1b[ -~]?");

  /** Controls, and the marks that turn the direction of text round. */
  private static final Pattern CONTROLS =
      Pattern.compile(
          "[\\p{Cntrl}\\u0080-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]");

  private PlainText() {}

  /**
   * One line of plain text. Of a line that overwrites itself with carriage returns, as progress
   * bars do, only the last state is left.
   */
  public static String of(String text) {
    String line = text.stripTrailing();
    line = line.substring(line.lastIndexOf('\r') + 1);
    line = ESCAPES.matcher(line).replaceAll("");
    line = CONTROLS.matcher(line.replace("\t", "    ")).replaceAll("");
    return cut(line.stripTrailing(), MAX);
  }

  /**
   * The beginning of a text with an ellipsis, or all of it when it is no longer.
   *
   * @param max in UTF-16 code units; one less where a character would be cut in two
   */
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max) + "…";
  }

  /** A message of possibly several lines as one. */
  public static String oneLine(String text) {
    // No pattern: on a long run of spaces it would take quadratic time.
    return of(
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("; ")));
  }
}
