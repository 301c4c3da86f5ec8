package dev.slipway.hooks.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The log of a container as the API server sends it, cut anywhere. */
class LogCursorFuzzTest {
  private static final Comparator<String> BY_TIME =
      Comparator.comparing(line -> requireNonNull(at(line)));

  public static void fuzzerTestOneInput(byte[] input) {
    List<String> lines = new String(input, StandardCharsets.UTF_8).lines().toList();
    var cursor = new LogCursor();
    assertThat(lines.stream().map(cursor::read).flatMap(Optional::stream).toList())
        .hasSizeLessThanOrEqualTo(lines.size());

    // A log as the API server sends it: with times, ascending.
    List<String> log = lines.stream().filter(it -> at(it) != null).sorted(BY_TIME).toList();
    var fresh = new LogCursor();
    assertThat(log.stream().map(fresh::read).flatMap(Optional::stream)).hasSameSizeAs(log);
    String since = fresh.resume();
    if (since != null) {
      Instant from = Instant.parse(since);
      assertThat(
              log.stream()
                  .filter(it -> !requireNonNull(at(it)).isBefore(from))
                  .map(fresh::read)
                  .flatMap(Optional::stream))
          .isEmpty();
    }
    new LogCursor().readRest(new String(input, StandardCharsets.UTF_8));
  }

  private static @Nullable Instant at(String line) {
    try {
      return OffsetDateTime.parse(line.split(" ", 2)[0]).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  @Test
  void streamThatIsReadAgainShowsNoLineTwice() {
    FuzzRun.of(LogCursorFuzzTest.class, LogCursorFuzzTest::fuzzerTestOneInput);
  }
}
