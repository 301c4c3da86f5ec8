package dev.slipway.demo.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the repository lies that the running tests belong to. */
final class SourceTree {
  private SourceTree() {}

  /** The root of it: tests run in the folders of modules. */
  static Path root() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = Objects.requireNonNull(folder.getParent(), "tests run inside the repository");
    }
    return folder;
  }
}
