package dev.slipway.hooks.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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

    assertThat(cursor.resume()).isEqualTo("2026-11-21T07:42:28.2Z");
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

  private List<String> read(String... lines) {
    return List.of(lines).stream().map(cursor::read).flatMap(Optional::stream).toList();
  }
}
