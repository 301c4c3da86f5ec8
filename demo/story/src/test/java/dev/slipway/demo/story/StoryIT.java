package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code make demo ONCE=1} as a test: the process that a person starts, to its end. */
class StoryIT {
  @Test
  @Timeout(300)
  void everyStepReallyHappensAndNothingIsLeft() throws IOException, InterruptedException {
    Process demo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DemoMain.class.getName(),
                "--once",
                "--home=../..")
            .redirectErrorStream(true)
            .start();
    List<String> lines;
    try (var reader = demo.inputReader()) {
      lines = reader.lines().toList();
    }

    assertThat(demo.waitFor()).as(String.join("\n", lines)).isZero();
    assertThat(lines).contains("Every step of the story has happened.");
    assertThat(Path.of(System.getProperty("java.io.tmpdir"), "slipway-demo-" + demo.pid()))
        .doesNotExist();
  }
}
