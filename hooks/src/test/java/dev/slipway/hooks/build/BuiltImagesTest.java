package dev.slipway.hooks.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltImagesTest {
  private static final BuiltImage IMAGE =
      new BuiltImage("sha256:" + "ab".repeat(32), "7608ddb34f51cd2c4b2cb5b0e2a1f2d5b2a1f001");

  @TempDir Path volume;

  @Test
  void remembersBeyondTheEndOfTheProcess() {
    at(1).remember("one", IMAGE);

    assertThat(at(2).find("one")).contains(IMAGE);
    assertThat(at(2).find("two")).isEmpty();
  }

  @Test
  void forgetsWhatWasNotUsedForLongest() throws IOException {
    at(1).remember("one", IMAGE);
    at(2).remember("two", IMAGE);
    at(3).find("one");

    at(4).remember("three", IMAGE);

    assertThat(at(5).find("one")).contains(IMAGE);
    assertThat(at(5).find("two")).isEmpty();
    assertThat(at(5).find("three")).contains(IMAGE);
    try (Stream<Path> files = Files.list(volume.resolve("images"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void doesNotKnowWhatIsOnlyHalfWritten() throws IOException {
    at(1).remember("one", IMAGE);
    Files.writeString(volume.resolve("images/one"), IMAGE.text().substring(0, 100));

    assertThat(at(2).find("one")).isEmpty();
  }

  @Test
  void failsNoBuildWhereItCannotWrite() throws IOException {
    Files.writeString(volume.resolve("images"), "a file in the way");

    at(1).remember("one", IMAGE);

    assertThat(at(2).find("one")).isEmpty();
  }

  /** At some second, with room for two. */
  private BuiltImages at(int second) {
    return new BuiltImages(
        volume.resolve("images"),
        Clock.fixed(Instant.ofEpochSecond(second), ZoneOffset.UTC),
        /* kept= */ 2);
  }
}
