package dev.slipway.demo.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the demo's files are, removed at the end; also those of a demo that was killed. */
record StateDirectory(Path path) implements AutoCloseable {
  private static final String PREFIX = "slipway-demo-";

  static StateDirectory create() throws IOException {
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    try (var old = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : old) {
        String pid = directory.getFileName().toString().substring(PREFIX.length());
        if (pid.matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
          remove(directory);
        }
      }
    }
    Path path = parent.resolve(PREFIX + ProcessHandle.current().pid());
    remove(path);
    return new StateDirectory(Files.createDirectory(path));
  }

  @Override
  public void close() throws IOException {
    remove(path);
  }

  /** Removes a directory with everything in it, but never what is mounted there. */
  static void remove(Path directory) throws IOException {
    Process rm =
        new ProcessBuilder("rm", "-rf", "--one-file-system", directory.toString())
            .inheritIO()
            .start();
    // An interrupt may have brought us here; it must not keep us from clearing away.
    rm.onExit().join();
  }
}
