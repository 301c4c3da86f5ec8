package dev.slipway.hooks.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogCursorTest {
  private final LogCursor cursor = new LogCursor();

  @Test
  void dropsWhatComesAgainAfterResuming() {
    assertThat(cursor.resume()).isNull();
    assertThat(
            read(
                "2026-11-21T07:42:28.1Z one",
                "2026-11-21T07:42:28.2Z two",
                "2026-11-21T07:42:28.2Z two again"))
        .containsExactly("one", "two", "two again");

    assertThat(cursor.resume()).isEqualTo("2026-11-21T07:42:28Z");
    assertThat(
            read(
                "2026-11-21T07:42:28.1Z one",
                "2026-11-21T07:42:28.2Z two",
                "2026-11-21T07:42:28.2Z two again",
                "2026-11-21T07:42:28.2Z a third of the same moment",
                "2026-11-21T07:42:28.25Z four",
                "2026-11-21T07:42:29Z "))
        .containsExactly("a third of the same moment", "four", "");
  }

  @Test
  void resumesTwiceWithoutLosingOrDoubling() {
    read("2026-11-21T07:42:28.1Z one", "2026-11-21T07:42:28.1Z two");
    assertThat(cursor.resume()).isNotNull();
    assertThat(read("2026-11-21T07:42:28.1Z one")).isEmpty();
    assertThat(cursor.resume()).isNotNull();
    assertThat(
            read(
                "2026-11-21T07:42:28.1Z one",
                "2026-11-21T07:42:28.1Z two",
                "2026-11-21T07:42:28.1Z three"))
        .containsExactly("three");
  }

  @Test
  void keepsALineWithoutATimestamp() {
    assertThat(read("unable to retrieve container logs for containerd://5f"))
        .containsExactly("unable to retrieve container logs for containerd://5f");
  }

  /** Standard output and standard error are stamped apart from each other. */
  @Test
  void keepsLinesThatAreOutOfOrder() {
    String[] first = {
      "2026-11-21T07:42:28.2Z to stdout",
      "2026-11-21T07:42:28.1Z to stderr",
      "2026-11-21T07:42:29.0Z the next second",
      "2026-11-21T07:42:28.9Z to stderr again"
    };
    assertThat(read(first))
        .containsExactly("to stdout", "to stderr", "the next second", "to stderr again");

    assertThat(cursor.resume()).isEqualTo("2026-11-21T07:42:29Z");
    assertThat(read(first[2], "2026-11-21T07:42:28.95Z late", "2026-11-21T07:42:29.1Z new"))
        .containsExactly("new");
  }

  @Test
  void losesNothingOfALogThatWasRotated() {
    read("2026-11-21T07:42:28.1Z one", "2026-11-21T07:42:28.2Z two");
    assertThat(cursor.resume()).isNotNull();
    assertThat(cursor.caughtUp()).isFalse();

    assertThat(read("2026-11-21T07:42:28.3Z three", "2026-11-21T07:42:28.4Z four"))
        .containsExactly("three", "four");
    assertThat(cursor.caughtUp()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026",
        "2026-11-21T07:42:28",
        "2026-11-21T07:42:28.",
        "2026-11-21T07:42:28.123456789",
        "2026-11-21T07:42:28.123456789Z",
        "2026-11-21T07:42:28.123456789Z "
      })
  void takesNoPartOfATimestampForText(String rest) {
    read("2026-11-21T07:42:27.1Z one");

    assertThat(cursor.readRest(rest)).isEmpty();
  }

  @Test
  void keepsTheRestOfALogThatEndsWithoutANewline() {
    assertThat(cursor.readRest("2026-11-21T07:42:42.542941300Z tail")).contains("tail");
    assertThat(cursor.readRest("unable to retrieve container logs for containerd://5f"))
        .contains("unable to retrieve container logs for containerd://5f");
  }

  @Test
  void keepsLinesThatOnlyLookLikeATime() {
    assertThat(read("2026-11-21T07:42:28. x", "2026-99-99T99:99:99.000000000Z x"))
        .containsExactly("2026-11-21T07:42:28. x", "2026-99-99T99:99:99.000000000Z x");
  }

  private List<String> read(String... lines) {
    return List.of(lines).stream().map(cursor::read).flatMap(Optional::stream).toList();
  }
}
