package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of pushes that somebody breaks off again and again. */
class RepeatedDeparturesIT {
  private static final int WARM_UP = 3;
  private static final int TIMES = 8;

  /**
   * Java starts some of its own at any time, such as a compiler; one for each push would be more.
   */
  private static final int SLACK = TIMES / 2;

  @TempDir Path folder;

  @Test
  void leaveNoFileNoSocketNoThreadAndNoObjects() throws Exception {
    Developer ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    try (SmallGitd gitd = SmallGitd.start(folder, ana)) {
      Path project = ana.project("app", gitd);
      ana.succeed(ana.git(project, "push", "dev", "master"));
      ana.commit(project, "README", "breaks off\n");
      for (int i = 0; i < WARM_UP; i++) {
        breakOff(ana, project);
      }
      int files = gitd.openFiles();
      int threads = gitd.threads();

      for (int i = 0; i < TIMES; i++) {
        breakOff(ana, project);
      }

      Eventually.await()
          .untilAsserted(
              () -> {
                assertThat(gitd.openFiles()).isLessThan(files + SLACK);
                assertThat(gitd.threads()).isLessThan(threads + SLACK);
                assertThat(quarantines()).isEmpty();
              });
      System.out.printf(
          "%d times Ctrl-C: %d files and %d threads, before %d and %d%n",
          TIMES, gitd.openFiles(), gitd.threads(), files, threads);
      assertThat(ana.git(project, "ls-remote", "dev").out().lines()).hasSize(2);
    }
  }

  /** Ctrl-C as soon as the hook has begun. */
  private static void breakOff(Developer ana, Path project) throws Exception {
    Process push =
        ana.start(project, List.of("setsid", "git", "push", "dev", "HEAD:refs/heads/held"));
    try (BufferedReader lines = push.errorReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null && !line.startsWith("remote: held")) {
        line = lines.readLine();
      }
      assertThat(line).isNotNull();
      Departure.TERMINAL.depart(push);
    } finally {
      Departure.end(push);
    }
  }

  private List<Path> quarantines() throws IOException {
    Path incoming = folder.resolve("repository/incoming");
    if (!Files.exists(incoming)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(incoming)) {
      return found.toList();
    }
  }
}
