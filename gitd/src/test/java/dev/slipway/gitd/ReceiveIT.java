package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gitd.Developer.Ran;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.PushOutcome;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/** What can be pushed, cloned and fetched, and what becomes of bad input. */
class ReceiveIT extends GitdOverSsh {
  private static final String ZERO = ObjectId.zeroId().name();

  @Test
  void protocolVersion2IsSpokenForFetches() {
    Path project = ana.project("app", gitd);
    ana.succeed(ana.git(project, "push", "dev", "master"));

    Ran listed = ana.run(project, List.of("env", "GIT_TRACE_PACKET=1", "git", "ls-remote", "dev"));

    assertThat(listed.err())
        .contains("ls-remote< version 2")
        .contains("ls-remote> command=ls-refs");
    assertThat(listed.out()).contains("refs/heads/master");
  }

  @Test
  void fetchBringsWhatWasPushedSince() {
    Path project = ana.project("app", gitd);
    ana.succeed(ana.git(project, "push", "dev", "master"));
    ana.succeed(ana.git(ana.home(), "clone", "-q", gitd.url(), "copy"));
    ana.commit(project, "README", "more\n");
    ana.succeed(ana.git(project, "push", "dev", "master"));

    ana.succeed(ana.git(ana.home().resolve("copy"), "pull", "-q"));

    assertThat(ana.home().resolve("copy/README")).hasContent("more\n");
  }

  @Test
  void emptyRepositoryCanBeCloned() {
    Ran clone = ana.succeed(ana.git(ana.home(), "clone", gitd.url(), "copy"));

    assertThat(clone.err()).contains("You appear to have cloned an empty repository");
  }

  @Test
  void cloneChecksOutMainWhenThatWasPushed() {
    Path project = ana.project("app", gitd);
    ana.succeed(ana.git(project, "push", "dev", "master:main"));

    ana.succeed(ana.git(ana.home(), "clone", "-q", gitd.url(), "copy"));

    assertThat(ana.home().resolve("copy/README")).hasContent("hello\n");
    assertThat(ana.git(ana.home().resolve("copy"), "branch", "--show-current").out())
        .isEqualTo("main\n");
  }

  @Test
  void repositorySurvivesARestart() {
    Path project = ana.project("app", gitd);
    ana.succeed(ana.git(project, "push", "dev", "master"));
    gitd.close();

    gitd = TestGitd.start(folder, ana);

    assertThat(ana.git(project, "ls-remote", gitd.url()).out()).contains("refs/heads/master");
  }

  @Test
  void tagsBranchesDeletionsAndForcedUpdatesAreForTheHookToDecide() {
    Path project = ana.project("app", gitd);
    String first = ana.git(project, "rev-parse", "HEAD").out().strip();
    ana.succeed(ana.git(project, "push", "dev", "master", "master:feature"));
    ana.succeed(ana.git(project, "tag", "-a", "v1", "-m", "one"));
    ana.succeed(ana.git(project, "commit", "-q", "--amend", "-m", "again"));
    String second = ana.git(project, "rev-parse", "HEAD").out().strip();
    gitd.hook.pushes().clear();

    ana.succeed(ana.git(project, "push", "--force", "dev", "master", "v1", ":feature"));

    String tag = ana.git(project, "rev-parse", "v1").out().strip();
    assertThat(gitd.hook.pushes())
        .singleElement()
        .satisfies(
            push ->
                assertThat(push.changes())
                    .containsExactlyInAnyOrder(
                        change("refs/heads/master", first, second),
                        change("refs/tags/v1", ZERO, tag),
                        change("refs/heads/feature", first, ZERO)));
    assertThat(ana.git(project, "ls-remote", "dev").out())
        .contains(second + "\trefs/heads/master")
        .contains("refs/tags/v1")
        .doesNotContain("feature");
  }

  @Test
  void oneRejectionStopsAllRefsOfAPush() {
    Path project = ana.project("app", gitd);
    gitd.hook.answer((push, terminal) -> new PushOutcome.Rejected("NoDockerfile", "no Dockerfile"));

    Ran push = ana.git(project, "push", "dev", "master", "master:other");

    assertThat(push.err())
        .contains("master -> master (no dockerfile)")
        .contains("master -> other (no dockerfile)");
    assertThat(ana.git(project, "ls-remote", "dev").out()).isEmpty();
  }

  @Test
  void oneBadRefNameStopsAllRefsBeforeTheHookIsAsked() throws Exception {
    Path project = ana.project("app", gitd);
    String head = ana.git(project, "rev-parse", "HEAD").out().strip();

    String answer =
        new RawPush(ana, gitd, project)
            .send(
                RawPush.pkt(
                        "%s %s refs/heads/good\0report-status side-band-64k".formatted(ZERO, head))
                    + RawPush.pkt("%s %s refs/bad".formatted(ZERO, head)),
                new RawPush(ana, gitd, project).pack());

    assertThat(answer)
        .contains("ng refs/heads/good another ref of this push was refused")
        .contains("ng refs/bad funny refname");
    assertNothingWasReceived(project);
  }

  @Test
  void refNameThatIsNoPathInsideRefsEndsThePush() throws Exception {
    Path project = ana.project("app", gitd);
    String head = ana.git(project, "rev-parse", "HEAD").out().strip();

    String answer =
        new RawPush(ana, gitd, project)
            .send(
                RawPush.pkt("%s %s refs/heads/../../../x\0report-status".formatted(ZERO, head)),
                new RawPush(ana, gitd, project).pack());

    assertThat(answer).doesNotContain("ok refs");
    assertNothingWasReceived(project);
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void namesOfBranchesMayBeAnyButMustNotStandInEachOthersWay() {
    Path project = ana.project("app", gitd);
    ana.succeed(
        ana.git(
            project,
            "push",
            "dev",
            "HEAD:refs/heads/gr\u00f6\u00dfe",
            "HEAD:refs/heads/gro\u0308\u00dfe",
            "HEAD:refs/heads/Odd",
            "HEAD:refs/heads/odd",
            "HEAD:refs/heads/" + "b".repeat(200)));

    Ran push = ana.git(project, "push", "dev", "HEAD:refs/heads/dir", "HEAD:refs/heads/dir/file");

    assertThat(push.exit()).isEqualTo(1);
    assertThat(push.err()).contains("! [remote rejected] HEAD -> dir");
    assertThat(ana.git(project, "ls-remote", "dev").out())
        .contains("refs/heads/gr\u00f6\u00dfe\n", "refs/heads/gro\u0308\u00dfe\n")
        .contains("refs/heads/Odd\n", "refs/heads/odd\n")
        .doesNotContain("refs/heads/dir");
    ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/dir/file"));
  }

  @Test
  void shallowCloneThatLacksHistoryIsToldWhatToDo() {
    Path project = ana.project("app", gitd);
    for (int i = 0; i < 3; i++) {
      ana.commit(project, "README", "version " + i + "\n");
    }
    Path shallow = ana.home().resolve("shallow");
    ana.succeed(
        ana.git(ana.home(), "clone", "-q", "--depth=1", "file://" + project, shallow.toString()));

    Ran push = ana.git(shallow, "push", gitd.url(), "master");

    assertThat(push.exit()).isNotZero();
    assertThat(push.err())
        .contains(" !     Push rejected: your clone is shallow")
        .contains("git fetch --unshallow");
    assertNothingWasReceived(project);
  }

  @Test
  void pushOptionsAreNotOnOffer() {
    Path project = ana.project("app", gitd);

    assertThat(ana.git(project, "push", "-o", "x=y", "dev", "master").err())
        .contains("does not support push options");
  }

  @Test
  void atomicPushIsSupported() {
    Path project = ana.project("app", gitd);

    ana.succeed(ana.git(project, "push", "--atomic", "dev", "master", "master:other"));

    assertThat(gitd.hook.pushes())
        .singleElement()
        .satisfies(p -> assertThat(p.changes()).hasSize(2));
  }

  private void assertNothingWasReceived(Path project) {
    assertThat(gitd.hook.pushes()).isEmpty();
    assertThat(ana.git(project, "ls-remote", gitd.url()).out()).isEmpty();
  }

  private static RefChange change(String ref, String from, String to) {
    return new RefChange(ref, ObjectId.fromString(from), ObjectId.fromString(to));
  }
}
