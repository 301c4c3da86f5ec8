package dev.slipway.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program of this machine, each time in a process of its own. */
final class Tool {
  private Tool() {}

  /**
   * Returns what it printed.
   *
   * @throws IOException if it cannot be started, or fails; with its last line
   */
  static String run(Path folder, String program, List<String> arguments)
      throws IOException, InterruptedException {
    var argv = new ArrayList<>(List.of(program));
    argv.addAll(arguments);
    Process process =
        new ProcessBuilder(argv).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      String last = output.strip().lines().reduce((_, line) -> line).orElse("");
      throw new IOException("%s %s failed: %s".formatted(program, arguments.getFirst(), last));
    }
    return output;
  }
}
