package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.gitd.PushLimits;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.gitd.Developer.Ran;
import dev.slipway.hooks.PushOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packs, objects, names and refs as they seldom come, all in one repository. */
class OddPacksIT {
  @TempDir static Path folder;
  private static Developer ana;
  private static TestGitd gitd;
  private static int projects;
  private Path project;

  @BeforeAll
  static void startAll() {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    gitd = TestGitd.start(folder, ana);
  }

  @AfterAll
  static void stopAll() {
    gitd.close();
  }

  @BeforeEach
  void start() {
    gitd.limit(TestGitd.ROOMY);
    gitd.hook.answer((push, terminal) -> new PushOutcome.Stored());
    gitd.hook.afterwards(push -> {});
    gitd.hook.pushes().clear();
    project = ana.project("app" + projects++, gitd);
  }

  @ParameterizedTest
  @ValueSource(ints = {60_000, 10_000_000})
  void packsOfAllSizesArrive(int bytes) throws IOException {
    // What is measured is the way through gitd, not zlib.
    ana.succeed(ana.git(project, "config", "core.compression", "0"));
    Noise.write(project.resolve("noise"), bytes);
    ana.commit(project, "README", "with noise\n");

    Ran push = ana.succeed(ana.git(project, "push", "-q", "dev", "HEAD:refs/heads/n" + bytes));

    assertThat(push.err()).isEmpty();
    assertThat(ana.git(project, "ls-remote", "dev", "refs/heads/n" + bytes).out())
        .startsWith(head());
  }

  @Fault(
      during = During.SENDING,
      what = "a pack, or a file in it, above the limit",
      leaves = "rejected with both numbers and who can change it; nothing stored")
  @Test
  void whatIsTooLargeIsRefusedByNumbersUntilTheLimitIsRaised() throws IOException {
    gitd.limit(new PushLimits(4 << 20, 2 << 20, 0));
    List<String> before = stored();
    Noise.write(project.resolve("noise"), 3 << 20);
    ana.commit(project, "README", "a large file\n");

    assertThat(ana.git(project, "push", "dev", "HEAD:refs/heads/large").err())
        .contains(
            " !     Push rejected: it brings a file of 3 MiB, and this remote takes files up to 2 MiB.",
            "ask whoever looks after this remote to raise storage.maxFileSize",
            "! [remote rejected]");
    gitd.limit(new PushLimits(1 << 20, 4 << 20, 0));
    assertThat(ana.git(project, "push", "dev", "HEAD:refs/heads/large").err())
        .contains(
            " !     Push rejected: it sends more than 1 MiB, the most that this remote takes at once.",
            "ask whoever looks after this remote to raise storage.maxPackSize",
            "! [remote rejected]");
    assertThat(stored()).isEqualTo(before);
    gitd.limit(TestGitd.ROOMY);
    ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/large"));
  }

  @Fault(
      during = During.SENDING,
      what = "a bit of the pack is flipped",
      leaves = "rejected; nothing stored")
  @Test
  void corruptPacksAreRefusedInASentence() throws Exception {
    ana.commit(project, "more", "x".repeat(20_000));
    RawPush raw = new RawPush(ana, gitd, project);
    List<String> before = stored();
    byte[] pack = raw.pack();
    for (int at : new int[] {3, 7, 13, pack.length / 3, pack.length / 2, pack.length - 1}) {
      byte[] flipped = pack.clone();
      flipped[at] ^= 0x10;

      assertThat(raw.send(raw.create("flipped"), flipped))
          .as("bit of byte %d of %d", at, pack.length)
          .contains(" !     Push rejected: ")
          .contains("ng refs/heads/flipped n/a (unpacker error)")
          .doesNotContain("Exception");
    }
    assertThat(stored()).isEqualTo(before);
    assertThat(gitd.hook.pushes()).isEmpty();
    assertThat(raw.send(raw.create("flipped"), pack)).contains("ok refs/heads/flipped");
  }

  /** Twelve bytes that promise two billion objects. */
  @Fault(
      during = During.SENDING,
      what = "a pack that promises two billion objects",
      leaves = "rejected; the next push works")
  @Test
  void packThatPromisesMoreThanThereIsTakesNothingButThePush() throws Exception {
    RawPush raw = new RawPush(ana, gitd, project);
    byte[] pack = Arrays.copyOf(raw.pack(), 12);
    pack[8] = 0x7f;

    assertThat(raw.send(raw.create("promises"), pack))
        .contains(" !     Push rejected: ")
        .doesNotContain("ok refs/heads");
    ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/after"));
  }

  @Fault(
      during = During.SENDING,
      what = "the pack ends in the middle",
      leaves = "rejected; nothing stored")
  @Test
  void packThatIsCutOffLeavesNothing() throws Exception {
    RawPush raw = new RawPush(ana, gitd, project);
    List<String> before = stored();
    byte[] pack = raw.pack();

    assertThat(raw.send(raw.create("cut"), Arrays.copyOf(pack, pack.length / 2)))
        .contains(" !     Push rejected: the connection ended before everything was sent.");
    assertThat(stored()).isEqualTo(before);
  }

  @Fault(
      during = During.SENDING,
      what = "the client is killed",
      leaves = "nothing stored; the same push works")
  @Test
  void clientThatIsKilledWhileItSendsLeavesNothing() throws Exception {
    Noise.write(project.resolve("noise"), 3 << 20);
    ana.commit(project, "README", "with noise\n");
    RawPush raw = new RawPush(ana, gitd, project);
    List<String> before = stored();
    byte[] pack = raw.pack();
    Process ssh = raw.open();
    RawPush.write(
        ssh.getOutputStream(), raw.create("killed"), Arrays.copyOf(pack, pack.length - 1000));
    Eventually.await().until(() -> !stored().equals(before));

    ssh.destroyForcibly();

    Eventually.await().untilAsserted(() -> assertThat(stored()).isEqualTo(before));
    assertThat(gitd.hook.pushes()).isEmpty();
    ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/killed"));
  }

  @Fault(
      during = During.SENDING,
      what = "objects that fail fsck",
      leaves = "rejected, says which; nothing stored")
  @Test
  void objectsThatFailFsckAreRefusedInASentence() throws Exception {
    String blob = ana.git(project, "rev-parse", "HEAD:README").out().strip();
    String tree = ana.git(project, "rev-parse", "HEAD^{tree}").out().strip();
    Map<String, String> commits = new LinkedHashMap<>();
    for (String entry :
        List.of("100644 ..", "100644 .git", "100644 .GIT", "040000 sub", "100644 a/b")) {
      commits.put(entry, commitOf(tree(entry, entry.contains("sub") ? tree : blob)));
    }
    commits.put(
        "without an author",
        commit("tree %s\ncommitter a <a@b> 1700000000 +0000\n\nx\n".formatted(tree)));
    commits.put(
        "without a time",
        commit("tree %s\nauthor a <a@b>\ncommitter a <a@b>\n\nx\n".formatted(tree)));
    List<String> before = stored();
    SoftAssertions softly = new SoftAssertions();
    commits.forEach(
        (what, commit) -> {
          Ran push = ana.git(project, "push", "dev", commit + ":refs/heads/fsck");
          softly
              .assertThat(push.err())
              .as(what)
              .contains(" !     Push rejected: git refused an object that was sent (")
              .contains("Run git fsck in your clone.")
              .contains("! [remote rejected]")
              .doesNotContain("Exception");
          softly.assertThat(push.exit()).as(what).isEqualTo(1);
        });
    softly.assertAll();
    assertThat(stored()).isEqualTo(before);
    assertThat(gitd.hook.pushes()).isEmpty();
  }

  @Test
  void namesArriveByteForByte() throws Exception {
    String blob = ana.git(project, "rev-parse", "HEAD:README").out().strip();
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    for (byte[] name :
        List.of(
            "gr\u00f6\u00dfe".getBytes(StandardCharsets.ISO_8859_1),
            "gr\u00f6\u00dfe".getBytes(StandardCharsets.UTF_8),
            "gro\u0308\u00dfe".getBytes(StandardCharsets.UTF_8),
            "Makefile".getBytes(StandardCharsets.UTF_8),
            "makefile".getBytes(StandardCharsets.UTF_8),
            "\ud83d\ude80 \u202e\u001b[31m\n\t'\"\\".getBytes(StandardCharsets.UTF_8),
            "x".repeat(4096).getBytes(StandardCharsets.UTF_8))) {
      entries.writeBytes(("100644 blob " + blob + "\t").getBytes(StandardCharsets.UTF_8));
      entries.writeBytes(name);
      entries.write(0);
    }
    String tree = feed(entries.toByteArray(), "git", "mktree", "-z");
    String commit = commitOf(tree);

    ana.succeed(ana.git(project, "push", "dev", commit + ":refs/heads/names"));
    ana.succeed(ana.git(ana.home(), "clone", "-q", "--bare", gitd.url(), "names.git"));

    Path copy = ana.home().resolve("names.git");
    assertThat(ana.git(copy, "ls-tree", "-z", "names").out())
        .isEqualTo(ana.git(project, "ls-tree", "-z", commit).out());
    assertThat(ana.git(copy, "rev-parse", "names^{tree}").out().strip()).isEqualTo(tree);
    ana.succeed(ana.git(copy, "fsck", "--strict"));
  }

  @Test
  void veryLongLinesArrive() throws Exception {
    Files.writeString(project.resolve("Dockerfile"), "RUN " + "x".repeat(8 << 20) + "\n");
    Path message = project.resolve("message");
    Files.writeString(message, "y".repeat(2 << 20));
    ana.succeed(ana.git(project, "add", "Dockerfile"));
    ana.succeed(ana.git(project, "commit", "-q", "-F", message.toString()));

    ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/long"));

    assertThat(ana.git(project, "ls-remote", "dev", "refs/heads/long").out()).startsWith(head());
  }

  @Test
  void thousandsOfRefsMoveAtOnce() throws Exception {
    RawPush raw = new RawPush(ana, gitd, project);
    String head = head();

    String answer =
        raw.send(raw.many("refs/heads/many/", 5000, ObjectId.zeroId().name()), raw.pack());

    assertThat(answer).doesNotContain("ng refs/heads/many");
    assertThat(gitd.hook.pushes().getLast().changes()).hasSize(5000);
    assertThat(ana.git(project, "ls-remote", "dev", "refs/heads/many/*").out().lines())
        .hasSize(5000)
        .allMatch(line -> line.startsWith(head));
  }

  @Test
  void moreRefsThanAreTakenAtOnceAreRefusedInASentence() throws Exception {
    String head = head();
    StringBuilder refs = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      refs.append("%s refs/heads/too-many/%05d\n".formatted(head, i));
    }
    Files.writeString(project.resolve(".git/packed-refs"), refs);

    Ran push = ana.git(project, "push", "dev", "refs/heads/too-many/*");

    assertThat(push.err())
        .contains(
            " !     Push rejected: it moves more refs at once than this remote takes, some 25,000 (3 MiB of names and ids). Push some of them at a time.");
    assertThat(push.exit()).isNotZero();
    assertThat(gitd.hook.pushes()).isEmpty();
    ana.succeed(ana.git(project, "push", "-q", "dev", "refs/heads/too-many/000*"));
  }

  @Fault(
      during = During.PLANNING,
      what = "the push is rejected",
      leaves = "its objects are gone; the same commit can be pushed again")
  @Test
  void whatTheHookRejectsIsSeenByItAloneAndLeavesNothing() throws Exception {
    // The first commits of two projects are the same one when they are made in the same second.
    ana.commit(project, "README", "rejected at first\n");
    List<String> before = stored();
    ObjectId head = ObjectId.fromString(head());
    gitd.hook.answer(
        (push, terminal) -> {
          assertThat(has(push.repository(), head)).isTrue();
          assertThat(isAccepted(head)).isFalse();
          return new PushOutcome.Rejected("BuildFailed", "no");
        });
    for (int i = 0; i < 2; i++) {
      assertThat(ana.git(project, "push", "dev", "HEAD:refs/heads/rejected").err())
          .contains("! [remote rejected] HEAD -> rejected (build failed)");
      assertThat(stored()).isEqualTo(before);
    }
    gitd.hook.answer((push, terminal) -> new PushOutcome.Stored());
    List<String> readAfterwards = new CopyOnWriteArrayList<>();
    gitd.hook.afterwards(push -> readAfterwards.add(message(push.repository(), head)));

    ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/rejected"));

    assertThat(isAccepted(head)).isTrue();
    assertThat(readAfterwards).containsExactly("change README");
  }

  @Test
  void twoMayPushTheSameObjectsAtOnce() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    gitd.hook.answer(
        (push, terminal) -> {
          await(both);
          return new PushOutcome.Stored();
        });
    FutureTask<Ran> other =
        new FutureTask<>(() -> ana.git(project, "push", "dev", "HEAD:refs/heads/one"));
    Thread.ofVirtual().start(other);
    ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/two"));
    ana.succeed(Eventually.get(other));

    String head = head();
    assertThat(ana.git(project, "ls-remote", "dev", "one", "two").out().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith(head));
    assertThat(isAccepted(ObjectId.fromString(head()))).isTrue();
  }

  /** All files of objects, also unfinished ones. */
  private static List<String> stored() {
    Path repository = folder.resolve("repository");
    try (Stream<Path> objects = Files.walk(repository.resolve("objects"));
        Stream<Path> incoming =
            Files.exists(repository.resolve("incoming"))
                ? Files.walk(repository.resolve("incoming"))
                : Stream.of()) {
      return Stream.concat(objects, incoming)
          .filter(Files::isRegularFile)
          .map(Path::toString)
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of("changes while it is read: " + e);
    }
  }

  private static boolean isAccepted(ObjectId id) {
    try (Repository repository = gitd.repository().open()) {
      return has(repository, id);
    }
  }

  private static boolean has(Repository repository, ObjectId id) {
    try {
      return repository.getObjectDatabase().has(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String message(Repository repository, ObjectId commit) {
    try {
      return repository.parseCommit(commit).getShortMessage();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String head() {
    return ana.git(project, "rev-parse", "HEAD").out().strip();
  }

  private String commitOf(String tree) {
    return ana.succeed(ana.git(project, "commit-tree", tree, "-m", "odd")).out().strip();
  }

  private String tree(String modeAndName, String id) throws Exception {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    entry.writeBytes((modeAndName + "\0").getBytes(StandardCharsets.UTF_8));
    ObjectId.fromString(id).copyRawTo(entry);
    return object("tree", entry.toByteArray());
  }

  private String commit(String text) throws Exception {
    return object("commit", text.getBytes(StandardCharsets.UTF_8));
  }

  private String object(String type, byte[] content) throws Exception {
    return feed(content, "git", "hash-object", "-t", type, "-w", "--literally", "--stdin");
  }

  private String feed(byte[] input, String... argv) throws Exception {
    Process process = ana.start(project, List.of(argv));
    try (OutputStream in = process.getOutputStream()) {
      in.write(input);
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(err).isZero();
    return out.strip();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
