package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gitd.Developer.Ran;
import dev.slipway.hooks.PushOutcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a push, a fetch and a clone do, with the real git. */
class PushAndFetchIT extends GitdOverSsh {
  @Test
  void pushedCommitIsSeenByTheHookAndCanBeCloned() {
    Path project = ana.project("app", gitd);

    Ran push = ana.succeed(ana.git(project, "push", "dev", "master"));

    String head = ana.git(project, "rev-parse", "HEAD").out().strip();
    assertThat(push.err()).contains("[new branch]").contains("master -> master");
    assertThat(gitd.hook.pushes())
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.pusher().name()).isEqualTo("ana");
              assertThat(asked.pusher().fingerprint()).isEqualTo(ana.fingerprint());
              assertThat(asked.changes())
                  .singleElement()
                  .satisfies(
                      change -> {
                        assertThat(change.ref()).isEqualTo("refs/heads/master");
                        assertThat(change.newId().name()).isEqualTo(head);
                      });
            });
    assertThat(gitd.hook.ended())
        .singleElement()
        .satisfies(end -> assertThat(end.moved()).isTrue());
    ana.succeed(ana.git(ana.home(), "clone", "-q", gitd.url(), "copy"));
    assertThat(ana.home().resolve("copy/README")).hasContent("hello\n");
  }

  @Test
  void rejectedPushMovesNothingAndCanBeTriedAgain() {
    Path project = ana.project("app", gitd);
    gitd.hook.answer(
        (push, terminal) -> {
          terminal.line(" !     Push rejected: web did not build");
          return new PushOutcome.Rejected("BuildFailed", "web did not build");
        });

    Ran push = ana.git(project, "push", "dev", "master");

    assertThat(push.exit()).isEqualTo(1);
    assertThat(push.err())
        .contains("remote:  !     Push rejected: web did not build")
        .contains("! [remote rejected] master -> master (build failed)");
    assertThat(gitd.hook.ended())
        .singleElement()
        .satisfies(end -> assertThat(end.moved()).isFalse());
    assertThat(ana.git(project, "ls-remote", "dev").out()).isEmpty();
    gitd.hook.answer((again, terminal) -> new PushOutcome.Stored());
    assertThat(ana.git(project, "push", "dev", "master").exit()).isZero();
  }
}
