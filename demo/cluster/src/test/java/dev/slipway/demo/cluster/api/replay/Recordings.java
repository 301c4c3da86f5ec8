package dev.slipway.demo.cluster.api.replay;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the recordings of a real cluster, which lie beside the repository. */
public final class Recordings {
  private Recordings() {}

  /** The directory of a section; skips the test when there are no recordings. */
  public static Path section(String name) {
    var directory = root().resolve(name);
    assumeTrue(Files.isDirectory(directory), "No recordings of a real cluster here: " + name);
    return directory;
  }

  /** The exchanges of a section in the order in which they were recorded. */
  static List<Exchange> exchanges(Path section) throws IOException {
    var all = new ArrayList<Exchange>();
    for (var line : Files.readAllLines(section.resolve("INDEX.md"))) {
      var cells = line.split("\\|", -1);
      if (cells.length > 3 && cells[1].strip().endsWith(".json")) {
        var file = section.resolve(cells[1].strip());
        if (!file.toString().endsWith(".watch.json") && Files.exists(file)) {
          Exchange.read(section, file).ifPresent(all::add);
        }
      }
    }
    return all;
  }

  private static Path root() {
    return Optional.ofNullable(System.getProperty("slipway.recordings"))
        .or(() -> Optional.ofNullable(System.getenv("SLIPWAY_RECORDINGS")))
        .map(Path::of)
        .orElseGet(Recordings::besideTheRepository);
  }

  private static Path besideTheRepository() {
    var directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.exists(directory.resolve("Makefile"))) {
      directory = directory.getParent();
    }
    return directory == null
        ? Path.of("recordings")
        : directory.resolve("../shared/recordings").normalize();
  }
}
