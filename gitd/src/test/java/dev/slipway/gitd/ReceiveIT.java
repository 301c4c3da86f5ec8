package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.gitd.PushLimits;
import dev.slipway.gitd.Developer.Ran;
import dev.slipway.gitd.receive.ReceiveLimits;
import dev.slipway.gitd.ssh.SshLimits;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.PushOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be pushed, cloned and fetched, and what becomes of bad input. */
class ReceiveIT extends GitdOverSsh {
  private static final String ZERO = ObjectId.zeroId().name();

  /** Beyond 50 MiB, JGit no longer holds an object in memory. */
  @ParameterizedTest
  @ValueSource(ints = {60_000, 60_000_000})
  void packsOfAllSizesArrive(int bytes) throws IOException {
    Path project = ana.project("app", gitd);
    // What is measured is the way through gitd, not zlib.
    ana.succeed(ana.git(project, "config", "core.compression", "0"));
    writeNoise(project.resolve("noise"), bytes);
    ana.commit(project, "README", "with noise\n");

    Ran push = ana.succeed(ana.git(project, "push", "-q", "dev", "master"));

    assertThat(push.err()).isEmpty();
    assertThat(ana.git(project, "ls-remote", "dev", "refs/heads/master").out())
        .startsWith(ana.git(project, "rev-parse", "HEAD").out().strip());
  }

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
        receive(
            project,
            pkt("%s %s refs/heads/good\0report-status side-band-64k".formatted(ZERO, head))
                + pkt("%s %s refs/bad".formatted(ZERO, head)),
            pack(project));

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
        receive(
            project,
            pkt("%s %s refs/heads/../../../x\0report-status".formatted(ZERO, head)),
            pack(project));

    assertThat(answer).doesNotContain("ok refs");
    assertNothingWasReceived(project);
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void corruptPackIsRefusedInASentence() throws Exception {
    Path project = ana.project("app", gitd);
    byte[] pack = pack(project);
    pack[pack.length / 2] ^= 0x55;

    assertThat(receive(project, createMaster(project), pack))
        .contains(" !     Push rejected: ")
        .contains("ng refs/heads/master n/a (unpacker error)");
    assertNothingWasReceived(project);
  }

  @Test
  void packThatIsCutOffLeavesNothing() throws Exception {
    Path project = ana.project("app", gitd);
    byte[] pack = pack(project);

    assertThat(receive(project, createMaster(project), Arrays.copyOf(pack, pack.length / 2)))
        .doesNotContain("ok refs/heads/master");
    assertNothingWasReceived(project);
  }

  @Test
  void brokenObjectsAreRefusedInASentence() throws Exception {
    Path project = ana.project("app", gitd);
    Path tree = project.resolve("tree.bin");
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    entry.write("100644 ../evil\0".getBytes(StandardCharsets.UTF_8));
    ObjectId.fromString(ana.git(project, "rev-parse", "HEAD:README").out().strip())
        .copyRawTo(entry);
    Files.write(tree, entry.toByteArray());
    String evil =
        ana.succeed(
                ana.git(project, "hash-object", "-t", "tree", "-w", "--literally", tree.toString()))
            .out()
            .strip();
    String commit = ana.succeed(ana.git(project, "commit-tree", evil, "-m", "evil")).out().strip();

    Ran push = ana.git(project, "push", "dev", commit + ":refs/heads/master");

    assertThat(push.exit()).isEqualTo(1);
    assertThat(push.err())
        .contains(" !     Push rejected: git refused an object that was sent (")
        .contains("Run git fsck in your clone.")
        .contains("! [remote rejected]")
        .doesNotContain("Exception");
    assertNothingWasReceived(project);
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
  void tooLargePushIsRefusedInASentence() throws IOException {
    gitd.close();
    gitd =
        TestGitd.start(
            folder,
            SshLimits.defaults(),
            ReceiveLimits.of(new PushLimits(4 << 20, 1 << 20, 0)),
            ana);
    Path file = ana.project("file", gitd);
    writeNoise(file.resolve("noise"), 2 << 20);
    ana.commit(file, "README", "x\n");
    Path pack = ana.project("pack", gitd);
    for (int i = 0; i < 6; i++) {
      writeNoise(pack.resolve("noise" + i), 900_000);
    }
    ana.commit(pack, "README", "x\n");

    assertThat(ana.git(file, "push", "dev", "master").err())
        .contains(
            " !     Push rejected: it brings a file of 2 MiB, and this remote takes files up to 1 MiB");
    assertThat(ana.git(pack, "push", "dev", "master").err())
        .contains(
            " !     Push rejected: it sends more than 4 MiB, the most that this remote takes at once");
    assertNothingWasReceived(file);
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

  private String createMaster(Path project) {
    String head = ana.git(project, "rev-parse", "HEAD").out().strip();
    return pkt("%s %s refs/heads/master\0report-status side-band-64k".formatted(ZERO, head));
  }

  private static String pkt(String line) {
    return "%04x%s".formatted(line.length() + 4, line);
  }

  private byte[] pack(Path project) throws Exception {
    Process pack = ana.start(project, List.of("git", "pack-objects", "--all", "--stdout", "-q"));
    pack.getOutputStream().close();
    try (InputStream bytes = pack.getInputStream()) {
      return bytes.readAllBytes();
    } finally {
      Eventually.exit(pack);
    }
  }

  /** Speaks receive-pack by hand: what git itself would not send. */
  private String receive(Path project, String commands, byte[] pack) throws Exception {
    Process ssh = ana.start(project, ana.sshArgv(gitd, List.of(), "git-receive-pack 'x'"));
    try (InputStream in = ssh.getInputStream()) {
      try (OutputStream out = ssh.getOutputStream()) {
        out.write(commands.getBytes(StandardCharsets.US_ASCII));
        out.write("0000".getBytes(StandardCharsets.US_ASCII));
        out.write(pack);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      Eventually.exit(ssh);
    }
  }

  private static void writeNoise(Path file, int bytes) throws IOException {
    byte[] block = new byte[1 << 20];
    Random random = new Random(file.getFileName().hashCode());
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int left = bytes; left > 0; left -= block.length) {
        random.nextBytes(block);
        out.write(block, 0, Math.min(left, block.length));
      }
    }
  }
}
