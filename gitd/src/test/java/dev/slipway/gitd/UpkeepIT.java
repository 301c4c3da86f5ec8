package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gitd.Developer.Ran;
import dev.slipway.hooks.PushOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository that is repacked as soon as it has three packs, while it is used. */
class UpkeepIT {
  @TempDir Path folder;
  private Developer ana;
  private TestGitd gitd;
  private Path project;

  @BeforeEach
  void start() {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    gitd = TestGitd.repackingAt(3, folder, ana.publicKey());
    project = ana.project("app", gitd);
  }

  @AfterEach
  void stop() {
    gitd.close();
  }

  @Test
  void packsAndRefsAreRepackedOnceThereAreMany() {
    for (int i = 0; i < 3; i++) {
      ana.commit(project, "README", "version " + i + "\n");
      ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/b" + i));
    }

    Eventually.await().untilAsserted(() -> assertThat(files("objects/pack", ".pack")).hasSize(1));
    Eventually.await()
        .untilAsserted(
            () -> assertThat(folder.resolve("repository/packed-refs")).content().contains("b2"));
    isSound();
  }

  @Test
  void pushesAndClonesGoOnMeanwhile() throws Exception {
    List<FutureTask<Void>> developers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String name = "app" + i;
      Path own = ana.project(name, gitd);
      FutureTask<Void> pushes =
          new FutureTask<>(
              () -> {
                for (int n = 0; n < 5; n++) {
                  ana.commit(own, "README", name + " " + n + "\n");
                  ana.succeed(ana.git(own, "push", "-q", "dev", "HEAD:refs/heads/" + name));
                  ana.succeed(ana.git(ana.home(), "clone", "-q", gitd.url(), name + "-copy" + n));
                }
                return null;
              });
      Thread.ofVirtual().start(pushes);
      developers.add(pushes);
    }

    for (FutureTask<Void> pushes : developers) {
      Eventually.get(pushes);
    }

    assertThat(ana.git(project, "ls-remote", "dev", "refs/heads/app*").out().lines()).hasSize(2);
    isSound();
  }

  /** It may count on an object that only a branch leads to which is deleted meanwhile. */
  @Test
  void whatAPushUnderWayCountsOnIsKeptThoughItsBranchIsDeleted() throws Exception {
    for (int i = 0; i < 2; i++) {
      ana.commit(project, "README", "version " + i + "\n");
      ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/base" + i));
    }
    CountDownLatch goOn = new CountDownLatch(1);
    ana.commit(project, "README", "on top\n");
    FutureTask<Ran> waiting = push("top", goOn);
    Path other = ana.project("other", gitd);
    ana.commit(other, "README", "of another history\n");

    ana.succeed(
        ana.git(
            other, "push", "dev", ":refs/heads/base0", ":refs/heads/base1", "HEAD:refs/heads/x"));

    Eventually.await().untilAsserted(() -> assertThat(files("objects/pack", ".pack")).hasSize(1));
    assertThat(waiting).isNotDone();
    goOn.countDown();
    ana.succeed(Eventually.get(waiting));
    isSound();
  }

  @Test
  void pushThatEndsDuringARunIsFollowedByAnother() throws Exception {
    for (int i = 0; i < 2; i++) {
      ana.commit(project, "README", "version " + i + "\n");
      ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/b" + i));
    }
    List<FutureTask<Ran>> pushes = new ArrayList<>();
    CountDownLatch goOn = new CountDownLatch(1);
    for (int i = 2; i < 8; i++) {
      ana.commit(project, "README", "version " + i + "\n");
      pushes.add(push("b" + i, goOn));
    }

    // The first of them to end starts a run, the others end while it lasts, or after it.
    goOn.countDown();

    for (FutureTask<Ran> push : pushes) {
      ana.succeed(Eventually.get(push));
    }
    Eventually.await()
        .untilAsserted(() -> assertThat(files("objects/pack", ".pack")).hasSizeLessThan(3));
    isSound();
  }

  /** A push that the hook holds until it may go on. */
  private FutureTask<Ran> push(String branch, CountDownLatch goOn) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    gitd.hook.answer(
        (push, terminal) -> {
          begun.countDown();
          await(goOn);
          return new PushOutcome.Stored();
        });
    String commit = ana.git(project, "rev-parse", "HEAD").out().strip();
    FutureTask<Ran> pushed =
        new FutureTask<>(() -> ana.git(project, "push", "dev", commit + ":refs/heads/" + branch));
    Thread.ofVirtual().start(pushed);
    Eventually.passes(begun);
    gitd.hook.answer((push, terminal) -> new PushOutcome.Stored());
    return pushed;
  }

  /** Upkeep may be about to delete the one that is there. */
  @Test
  void objectsThatAreThereAlreadyArriveInAPackOfTheirOwn() throws IOException {
    ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/again"));
    ana.succeed(ana.git(project, "push", "dev", "--delete", "again"));

    ana.succeed(ana.git(project, "push", "dev", "HEAD:refs/heads/again"));

    assertThat(files("objects/pack", ".pack")).hasSize(2);
    assertThat(files("objects/pack", ".idx")).hasSize(2);
    isSound();
  }

  @Test
  void whatAKilledGitdLeftIsDeletedAtTheNextStart() throws IOException {
    ana.succeed(ana.git(project, "push", "dev", "master"));
    gitd.close();
    Path repository = folder.resolve("repository");
    List<Path> leftovers =
        Stream.of(
                "incoming/1/pack/pack-1.pack",
                "incoming/1/incoming_1.pack",
                "objects/pack/gc_1_tmp",
                "objects/pack/pack-1111111111111111111111111111111111111111.pack",
                "objects/pack/pack-2222222222222222222222222222222222222222.idx",
                "objects/noz1.tmp",
                "logs/refs/heads/master.lock",
                "refs/heads/master.lock",
                "packed-refs.lock",
                "config.lock",
                "HEAD.lock",
                "gc.pid")
            .map(repository::resolve)
            .toList();
    for (Path leftover : leftovers) {
      Files.createDirectories(leftover.getParent());
      Files.writeString(leftover, "half");
    }

    gitd = TestGitd.repackingAt(3, folder, ana.publicKey());

    assertThat(leftovers).allSatisfy(leftover -> assertThat(leftover).doesNotExist());
    ana.commit(project, "README", "more\n");
    ana.succeed(ana.git(project, "push", gitd.url(), "master"));
  }

  @Test
  void damagedRepositoryIsNotToldAsAFaultOfTheClone() throws IOException {
    ana.succeed(ana.git(project, "push", "dev", "master"));
    List<Path> first = files("objects/pack", "");
    ana.commit(project, "OTHER", "one\n");
    ana.succeed(ana.git(project, "push", "dev", "master", "master:refs/heads/topic"));
    gitd.close();
    for (Path file : first) {
      Files.delete(file);
    }
    gitd = TestGitd.repackingAt(Integer.MAX_VALUE, folder, ana.publicKey());
    ana.commit(project, "OTHER", "two\n");

    Ran push = ana.git(project, "push", gitd.url(), "master");

    assertThat(push.err())
        .contains(" !     Push rejected: the repository of this remote is damaged: object ")
        .contains("Nothing is wrong with your clone")
        .doesNotContain("in your clone", "shallow");
    ana.succeed(ana.git(project, "push", gitd.url(), "--delete", "topic"));
  }

  /** What still runs in the background is broken off first. */
  private void isSound() {
    gitd.close();
    ana.succeed(ana.git(folder.resolve("repository"), "fsck", "--strict"));
    gitd = TestGitd.repackingAt(3, folder, ana.publicKey());
  }

  private List<Path> files(String below, String suffix) {
    try (Stream<Path> files = Files.list(folder.resolve("repository").resolve(below))) {
      return files.filter(file -> file.toString().endsWith(suffix)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      Eventually.passes(latch);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
