package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gitd.Developer.Ran;
import dev.slipway.hooks.PushOutcome;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens while a hook is at work: lines that arrive, clients that go away. */
class RunningPushIT extends GitdOverSsh {
  @Test
  void linesArriveWhileTheHookIsStillAtWork() throws Exception {
    Path project = ana.project("app", gitd);
    CountDownLatch seen = new CountDownLatch(1);
    CompletableFuture<Boolean> seenInTime = new CompletableFuture<>();
    gitd.hook.answer(
        (push, terminal) -> {
          terminal.line("-----> first");
          seenInTime.complete(await(seen));
          terminal.line("-----> second");
          return new PushOutcome.Stored();
        });
    Process push = ana.start(project, List.of("git", "push", "dev", "master"));
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(push.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line.stripTrailing());
        if (line.contains("-----> first")) {
          seen.countDown();
        }
      }
    }

    assertThat(seenInTime.get(1, TimeUnit.SECONDS)).isTrue();
    assertThat(lines).containsSubsequence("remote: -----> first", "remote: -----> second");
    assertThat(push.waitFor()).isZero();
  }

  @Test
  void linesOfSeveralThreadsArriveWholeAndWithoutEscapes() {
    Path project = ana.project("app", gitd);
    gitd.hook.answer(
        (push, terminal) -> {
          List<Thread> builds = new ArrayList<>();
          for (int build = 0; build < 4; build++) {
            String name = "build" + build;
            builds.add(
                Thread.ofVirtual()
                    .start(
                        () -> {
                          for (int i = 0; i < 500; i++) {
                            terminal.line(
                                "\u001b[32m%s | line %d %s".formatted(name, i, "x".repeat(80)));
                          }
                        }));
          }
          terminal.line("long " + "y".repeat(5000));
          builds.forEach(RunningPushIT::join);
          return new PushOutcome.Stored();
        });

    Ran push = ana.succeed(ana.git(project, "push", "dev", "master"));

    List<String> lines = push.err().lines().map(String::stripTrailing).toList();
    assertThat(push.err()).doesNotContain("[32m");
    assertThat(lines).contains("remote: long " + "y".repeat(5000));
    for (int build = 0; build < 4; build++) {
      String prefix = "remote: build%d | line ".formatted(build);
      assertThat(lines.stream().filter(line -> line.startsWith(prefix)))
          .hasSize(500)
          .allMatch(line -> line.endsWith(" " + "x".repeat(80)));
    }
  }

  @Test
  void silentHookKeepsTheConnection() {
    Path project = ana.project("app", gitd);
    CountDownLatch never = new CountDownLatch(1);
    gitd.hook.answer(
        (push, terminal) -> {
          boolean fired = await(never, Duration.ofSeconds(4));
          return fired ? new PushOutcome.Cancelled() : new PushOutcome.Stored();
        });

    assertThat(ana.git(project, "push", "dev", "master").err()).contains("master -> master");
    assertThat(gitd.hook.ended())
        .singleElement()
        .satisfies(end -> assertThat(end.moved()).isTrue());
  }

  @ParameterizedTest
  @EnumSource
  void departedClientInterruptsTheHookAndNothingMoves(Departure departure) throws Exception {
    Path project = ana.project("app", gitd);
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Long> interrupted = new CompletableFuture<>();
    gitd.hook.answer(
        (push, terminal) -> {
          asked.countDown();
          try {
            new CountDownLatch(1).await(30, TimeUnit.SECONDS);
            return new PushOutcome.Stored();
          } catch (InterruptedException e) {
            interrupted.complete(System.nanoTime());
            return new PushOutcome.Cancelled();
          }
        });
    // A process group of its own, as a shell makes one for each job.
    Process push = ana.start(project, List.of("setsid", "git", "push", "dev", "master"));
    try {
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      long left = System.nanoTime();
      departure.depart(push);

      Duration took = Duration.ofNanos(interrupted.get(10, TimeUnit.SECONDS) - left);
      assertThat(took).isLessThan(Duration.ofSeconds(2));
    } finally {
      push.descendants().forEach(ProcessHandle::destroyForcibly);
      push.destroyForcibly();
    }
    Awaitility.await().until(() -> !gitd.hook.ended().isEmpty());
    assertThat(gitd.hook.ended())
        .singleElement()
        .satisfies(end -> assertThat(end.moved()).isFalse());
    assertThat(ana.git(project, "ls-remote", "dev").out()).isEmpty();
  }

  @Test
  void removedKeyCancelsItsRunningPush() throws Exception {
    Path project = ana.project("app", gitd);
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    gitd.hook.answer(
        (push, terminal) -> {
          asked.countDown();
          interrupted.complete(
              !await(new CountDownLatch(1), Duration.ofSeconds(20))
                  && Thread.currentThread().isInterrupted());
          return new PushOutcome.Cancelled();
        });
    CompletableFuture<Ran> push = inBackground(() -> ana.git(project, "push", "dev", "master"));
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

    gitd.authorize();

    assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(push.get(10, TimeUnit.SECONDS).exit()).isNotZero();
  }

  @Test
  void twoPushesAreReceivedAtTheSameTime() throws Exception {
    Path one = ana.project("one", gitd);
    Path two = ana.project("two", gitd);
    ana.commit(two, "OTHER", "JGit lets in just one of two packs that are the same\n");
    CyclicBarrier together = new CyclicBarrier(2);
    gitd.hook.answer(
        (push, terminal) -> {
          try {
            together.await(10, TimeUnit.SECONDS);
            return new PushOutcome.Stored();
          } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            return new PushOutcome.Rejected("NotTogether", "the other push never came");
          }
        });

    CompletableFuture<Ran> first = inBackground(() -> ana.git(one, "push", "dev", "master:one"));
    CompletableFuture<Ran> second = inBackground(() -> ana.git(two, "push", "dev", "master:two"));

    ana.succeed(first.get());
    ana.succeed(second.get());
    assertThat(ana.git(one, "ls-remote", "dev").out())
        .contains("refs/heads/one")
        .contains("refs/heads/two");
  }

  @Test
  void failingHookRejectsThePushWithASentence() {
    Path project = ana.project("app", gitd);
    gitd.hook.answer(
        (push, terminal) -> {
          throw new IllegalStateException("secret detail");
        });

    Ran push = ana.git(project, "push", "dev", "master");

    assertThat(push.exit()).isEqualTo(1);
    assertThat(push.err())
        .contains("remote:  !     Push rejected: something failed inside gitd")
        .contains("(internal error)")
        .doesNotContain("secret detail");
  }

  @Test
  void shutdownLetsARunningPushEndAndTakesNoNewConnection() throws Exception {
    Path project = ana.project("app", gitd);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    gitd.hook.answer(
        (push, terminal) -> {
          asked.countDown();
          return await(proceed) ? new PushOutcome.Stored() : new PushOutcome.Cancelled();
        });
    CompletableFuture<Ran> push = inBackground(() -> ana.git(project, "push", "dev", "master"));
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    int port = gitd.port();
    CompletableFuture<Void> down =
        CompletableFuture.runAsync(
            () -> gitd.shutDown(Duration.ofSeconds(20)), RunningPushIT::onThread);

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(ana.git(project, "ls-remote", "ssh://127.0.0.1:" + port + "/x").err())
                    .contains("Connection refused"));
    assertThat(down).isNotDone();
    proceed.countDown();

    ana.succeed(push.get(10, TimeUnit.SECONDS));
    down.get(10, TimeUnit.SECONDS);
  }

  private static CompletableFuture<Ran> inBackground(Supplier<Ran> command) {
    return CompletableFuture.supplyAsync(command, RunningPushIT::onThread);
  }

  private static void onThread(Runnable work) {
    Thread _ = Thread.ofVirtual().start(work);
  }

  private static boolean await(CountDownLatch latch) {
    return await(latch, Duration.ofSeconds(10));
  }

  private static boolean await(CountDownLatch latch, Duration limit) {
    try {
      return latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
