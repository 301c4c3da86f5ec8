package dev.slipway.gitd.repo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReflogsTest {
  @TempDir Path repository;

  @Test
  void forgetsEntriesBeforeAMomentAndWhatNobodyCanRead() throws IOException {
    Path master = log("master", entry(100) + "half a li\n" + entry(200) + entry(300));
    Path old = log("old/one", entry(100));
    Path young = log("young", entry(300));

    Reflogs.dropBefore(repository, Instant.ofEpochSecond(200));

    assertThat(master).hasContent(entry(200) + entry(300));
    assertThat(old).isEmptyFile();
    assertThat(young).hasContent(entry(300));
  }

  @Test
  void repositoryWithoutReflogsIsFine() throws IOException {
    Reflogs.dropBefore(repository, Instant.now());

    assertThat(repository).isEmptyDirectory();
  }

  private Path log(String branch, String content) throws IOException {
    Path log = repository.resolve("logs/refs/heads").resolve(branch);
    Files.createDirectories(log.getParent());
    return Files.writeString(log, content);
  }

  private static String entry(long seconds) {
    return "%s %s ana > 5 <k> %d +0100\tpush\n".formatted("1".repeat(40), "2".repeat(40), seconds);
  }
}
