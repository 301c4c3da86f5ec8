package dev.slipway.gitd.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The command of an exec request, as any client writes it. */
class GitServiceFuzzTest {

  public static void fuzzerTestOneInput(byte[] input) {
    String command = new String(input, StandardCharsets.UTF_8);
    GitService.parse(command)
        .ifPresent(
            service -> {
              assertThat(command.replaceFirst("^git ", "git-")).startsWith(service.program() + " ");
              String path = command.substring(service.program().length() + 1);
              assertThat(path).isNotEmpty();
              if (path.startsWith("'")) {
                // Nothing stands outside the quotes: to a shell it would be a single word.
                assertThat(path.replace("'\\''", "").replace("'\\!'", "")).matches("(?s)'[^']*+'");
              } else {
                assertThat(path).doesNotContainAnyWhitespaces().doesNotContain(";", "$", "`", "\\");
              }
            });
  }

  @Test
  void onlyOneOfGitsProgramsWithOneWordIsUnderstood() {
    FuzzRun.of(GitServiceFuzzTest.class, GitServiceFuzzTest::fuzzerTestOneInput);
  }
}
