package dev.slipway.gitd.repo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the repository lies on, which others may fill as well. */
record Volume(Path folder) {

  /** Bytes that can still be written. */
  long free() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }
}
