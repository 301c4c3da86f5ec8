package dev.slipway.gitd.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which exec requests are git's. */
class GitServiceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "git-receive-pack '/~/git/default-dev'",
        "git receive-pack '/x'",
        "git-receive-pack ~/git/default-dev",
        "git-receive-pack '/it'\\''s/o'\\!'k'",
        "git-receive-pack '/some/where else'"
      })
  void knowsGitWhateverThePath(String command) {
    assertThat(GitService.parse(command)).contains(GitService.RECEIVE_PACK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ls /",
        "git-receive-pack",
        "git-receive-pack 'a' 'b'",
        "git-receive-pack 'a'; id",
        "git-receive-pack $(id)",
        "git-receive-pack 'a'\n id",
        "git-upload-pack --strict 'a'",
        "/usr/bin/git-receive-pack 'a'",
        "scp -t /tmp",
        "git-shell"
      })
  void knowsNothingElse(String command) {
    assertThat(GitService.parse(command)).isEmpty();
  }
}
