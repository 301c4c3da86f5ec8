package dev.slipway.hooks.job;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how far a log with timestamps was read, so that it can be resumed without a line lost
 * or doubled. The API server knows only whole seconds of {@code sinceTime}: the lines of that
 * second come again, in the order of before.
 *
 * <p>Times need not ascend: standard output and standard error are stamped apart from each other.
 */
final class LogCursor {
  private @Nullable Instant last;
  private int shownOfSecond;
  private int toSkip;
  private @Nullable Instant resumedAt;
  private String stray = "";

  /** Where to resume, null from the start. To be called before each new stream. */
  @Nullable String resume() {
    resumedAt = last == null ? null : second(last);
    toSkip = shownOfSecond;
    return resumedAt == null ? null : resumedAt.toString();
  }

  /** Whether the stream has come to where the one before ended. */
  boolean caughtUp() {
    return toSkip == 0;
  }

  /** The text of a line that a newline ends, unless it was read before. */
  Optional<String> read(String line) {
    Optional<Instant> time = time(line);
    if (time.isEmpty()) {
      return stray(line);
    }
    return isNew(time.get()) ? Optional.of(text(line)) : Optional.empty();
  }

  /**
   * The text of what stands after the last newline when nothing more will come. Without a whole
   * timestamp it has none.
   */
  Optional<String> readRest(String rest) {
    return rest.isEmpty() || (time(rest).isEmpty() && Character.isDigit(rest.charAt(0)))
        ? Optional.empty()
        : read(rest).filter(text -> !text.isEmpty());
  }

  private boolean isNew(Instant time) {
    if (resumedAt != null && time.isBefore(resumedAt)) {
      return false;
    }
    if (last == null || time.isAfter(last)) {
      // Lines that have not come again are in a file that was rotated away.
      toSkip = 0;
      shownOfSecond = last == null || second(time).isAfter(second(last)) ? 1 : shownOfSecond + 1;
      last = time;
      return true;
    }
    if (toSkip > 0) {
      toSkip--;
      return false;
    }
    shownOfSecond += time.isBefore(second(last)) ? 0 : 1;
    return true;
  }

  /** The runtime's own words, which have no time, and are the same for each stream. */
  private Optional<String> stray(String line) {
    if (line.equals(stray)) {
      return Optional.empty();
    }
    stray = line;
    return Optional.of(line);
  }

  private static String text(String line) {
    int space = line.indexOf(' ');
    return space < 0 ? "" : line.substring(space + 1);
  }

  /** RFC 3339 with a fraction of any length, as Go writes it. */
  private static Optional<Instant> time(String line) {
    int space = line.indexOf(' ');
    try {
      return Optional.of(
          OffsetDateTime.parse(space < 0 ? line : line.substring(0, space)).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Instant second(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }
}
