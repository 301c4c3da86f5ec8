package dev.slipway.hooks.job;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how far a log with timestamps was read, so that it can be resumed without a line lost
 * or doubled. The API server drops fractions of {@code sinceTime}: the lines of that second come
 * again.
 */
final class LogCursor {
  private String last = "";
  private int shown;
  private int repeated;

  /** Where to resume, null from the start. To be called before each new stream. */
  @Nullable String resume() {
    repeated = 0;
    return last.isEmpty() ? null : last;
  }

  /** The text of a line, unless it was read before. */
  Optional<String> read(String line) {
    int space = line.indexOf(' ');
    String time = space < 0 ? line : line.substring(0, space);
    String text = space < 0 ? "" : line.substring(space + 1);
    if (!looksLikeTime(time)) {
      return Optional.of(line);
    }
    int order = compare(time, last);
    if (order < 0) {
      return Optional.empty();
    }
    if (order == 0 && repeated < shown) {
      repeated++;
      return Optional.empty();
    }
    if (order > 0) {
      last = time;
      shown = 0;
    }
    shown++;
    repeated = shown;
    return Optional.of(text);
  }

  private static boolean looksLikeTime(String text) {
    return text.length() >= 20 && text.charAt(4) == '-' && text.charAt(10) == 'T';
  }

  /** RFC 3339 with a fraction of any length, as Go writes it: not comparable as text. */
  private static int compare(String one, String other) {
    if (other.isEmpty()) {
      return 1;
    }
    return java.time.OffsetDateTime.parse(one)
        .toInstant()
        .compareTo(java.time.OffsetDateTime.parse(other).toInstant());
  }
}
