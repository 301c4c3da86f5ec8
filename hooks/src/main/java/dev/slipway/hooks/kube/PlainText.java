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
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]");

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
    line = line.stripTrailing();
    if (line.length() <= MAX) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(MAX - 1)) ? MAX - 1 : MAX;
    return line.substring(0, end) + "…";
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
