package dev.slipway.controller.check;

import org.jspecify.annotations.Nullable;

/** How a text that somebody wrote into a spec is read. */
final class Texts {
  private static final String QUOTES = "\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb";

  private Texts() {}

  /** Null, blanks and nothing but quotes all mean that nothing was written. */
  static String orEmpty(@Nullable String text) {
    return text == null ? "" : unquoted(text);
  }

  static String unquoted(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isAround(text.charAt(from))) {
      from++;
    }
    while (to > from && isAround(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isAround(char c) {
    return QUOTES.indexOf(c) >= 0 || Character.isWhitespace(c);
  }
}
