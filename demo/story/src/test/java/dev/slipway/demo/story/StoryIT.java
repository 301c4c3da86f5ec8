package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code make demo} as a test: the process that a person starts, to its end. */
@Timeout(600)
@Order(2)
class StoryIT {
  private final List<Process> started = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final String mark = UUID.randomUUID().toString();

  @AfterEach
  void stop() {
    started.forEach(Process::destroy);
  }

  @Test
  void everyStepReallyHappensAndNothingIsLeft() throws IOException, InterruptedException {
    Process demo = start("--once");
    readTo(demo, "\0");

    assertThat(demo.waitFor()).as(String.join("\n", lines)).isZero();
    assertThat(lines).contains("Every step of the story has happened.");
    assertThat(lines).anyMatch(line -> line.contains("api | unchanged since "));
    nothingIsLeft(demo);
  }

  @Test
  void anInterruptInTheMiddleOfAPushEndsQuietlyAndLeavesNothing()
      throws IOException, InterruptedException {
    Process demo = start();
    readTo(demo, "-----> Building 2 images");

    new ProcessBuilder("kill", "-INT", Long.toString(demo.pid())).start().waitFor();
    readTo(demo, "\0");

    assertThat(demo.waitFor()).as(String.join("\n", lines)).isEqualTo(130);
    assertThat(lines).contains("Clearing away …");
    assertThat(lines).noneMatch(line -> line.contains("Exception") || line.contains(" !     "));
    nothingIsLeft(demo);
  }

  private Process start(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // Who runs this in the background has SIGINT ignored, and the child inherits it.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DemoMain.class.getName(),
                "--home=../.."));
    command.addAll(List.of(options));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SLIPWAY_STORY", mark);
    Process demo = builder.start();
    started.add(demo);
    return demo;
  }

  /** Reads what the demo says up to a line with {@code text}, or to its end. */
  private void readTo(Process demo, String text) throws IOException {
    BufferedReader reader = demo.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
      if (line.contains(text)) {
        return;
      }
    }
  }

  private void nothingIsLeft(Process demo) throws IOException {
    Path state = Path.of(System.getProperty("java.io.tmpdir"), "slipway-demo-" + demo.pid());
    assertThat(state).doesNotExist();
    // The kernel ends what was in namespaces a moment after their first process.
    await()
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(runningOfDemo()).isEmpty());
    assertThat(Path.of("/proc/self/mounts")).content().doesNotContain(state.toString());
  }

  /**
   * The programs that the demo has started, and that these have. All have its environment but those
   * in pods, which end with the first process of their namespace, and that has it too.
   */
  private List<String> runningOfDemo() throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (read(process.resolve("environ")).contains(mark)) {
          found.add(read(process.resolve("cmdline")).replace('\0', ' '));
        }
      }
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended while we looked
    }
  }
}
