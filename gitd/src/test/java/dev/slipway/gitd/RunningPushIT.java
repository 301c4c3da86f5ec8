package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.gitd.Developer.Ran;
import dev.slipway.gitd.receive.ReceiveLimits;
import dev.slipway.gitd.ssh.SshLimits;
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

    assertThat(Eventually.get(seenInTime)).isTrue();
    assertThat(lines).containsSubsequence("remote: -----> first", "remote: -----> second");
    assertThat(Eventually.exit(push)).isZero();
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

  @Fault(
      during = During.BUILDING,
      what = "nothing is printed for longer than a connection may be silent",
      leaves = "is kept alive; deploys")
  @Test
  void silentHookKeepsTheConnection() {
    Duration idle = Duration.ofSeconds(5);
    SshLimits usual = SshLimits.defaults();
    gitd.close();
    gitd =
        TestGitd.start(
            folder,
            new SshLimits(
                usual.authenticationTries(),
                usual.loginGrace(),
                usual.unauthenticatedSessions(),
                usual.sessions(),
                usual.channels(),
                idle,
                usual.heartbeat(),
                usual.silence(),
                usual.windowWait()),
            new ReceiveLimits(TestGitd.ROOMY, Duration.ofMillis(20), Eventually.LIMIT),
            ana);
    Path project = ana.project("app", gitd);
    gitd.hook.answer(
        (push, terminal) -> {
          await(new CountDownLatch(1), idle.multipliedBy(2));
          return Thread.currentThread().isInterrupted()
              ? new PushOutcome.Cancelled()
              : new PushOutcome.Stored();
        });

    assertThat(ana.git(project, "push", "dev", "master").err()).contains("master -> master");
    assertThat(gitd.hook.ended())
        .singleElement()
        .satisfies(end -> assertThat(end.moved()).isTrue());
  }

  @Fault(
      during = During.BUILDING,
      what = "the client goes away ({})",
      leaves = "the pipeline is interrupted; no ref moves")
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void departedClientInterruptsTheHookAndNothingMoves(Departure departure) throws Exception {
    Path project = ana.project("app", gitd);
    ScriptedHook.Running running = gitd.hook.runUntilInterrupted();
    // A process group of its own, as a shell makes one for each job.
    Process push = ana.start(project, List.of("setsid", "git", "push", "dev", "master"));
    try {
      Eventually.passes(running.begun());

      departure.depart(push);

      assertThat(Eventually.get(running.interrupted())).isTrue();
    } finally {
      Departure.end(push);
    }
    Eventually.await().until(() -> !gitd.hook.ended().isEmpty());
    assertThat(gitd.hook.ended())
        .singleElement()
        .satisfies(end -> assertThat(end.moved()).isFalse());
    assertThat(ana.git(project, "ls-remote", "dev").out()).isEmpty();
  }

  @Fault(
      during = During.BUILDING,
      what = "the pusher's key is revoked",
      leaves = "the pipeline is interrupted; the connection is closed")
  @Test
  void removedKeyCancelsItsRunningPush() throws Exception {
    Path project = ana.project("app", gitd);
    ScriptedHook.Running running = gitd.hook.runUntilInterrupted();
    CompletableFuture<Ran> push = inBackground(() -> ana.git(project, "push", "dev", "master"));
    Eventually.passes(running.begun());

    gitd.authorize();

    assertThat(Eventually.get(running.interrupted())).isTrue();
    assertThat(Eventually.get(push).exit()).isNotZero();
  }

  @Fault(
      during = During.SENDING,
      what = "two people push at once",
      leaves = "both are received; neither waits for the other to send")
  @Test
  void twoPushesAreReceivedAtTheSameTime() throws Exception {
    Path one = ana.project("one", gitd);
    Path two = ana.project("two", gitd);
    ana.commit(two, "OTHER", "JGit lets in just one of two packs that are the same\n");
    CyclicBarrier together = new CyclicBarrier(2);
    gitd.hook.answer(
        (push, terminal) -> {
          try {
            together.await(Eventually.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return new PushOutcome.Stored();
          } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            return new PushOutcome.Rejected("NotTogether", "the other push never came");
          }
        });

    CompletableFuture<Ran> first = inBackground(() -> ana.git(one, "push", "dev", "master:one"));
    CompletableFuture<Ran> second = inBackground(() -> ana.git(two, "push", "dev", "master:two"));

    ana.succeed(Eventually.get(first));
    ana.succeed(Eventually.get(second));
    assertThat(ana.git(one, "ls-remote", "dev").out())
        .contains("refs/heads/one")
        .contains("refs/heads/two");
  }

  @Fault(
      during = During.BUILDING,
      what = "a defect inside gitd",
      leaves = "rejected in a sentence that gives nothing away; no ref moves")
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

  @Fault(
      during = During.BUILDING,
      what = "gitd is told to stop",
      leaves = "the push ends first; new connections are refused")
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
    Eventually.passes(asked);
    int port = gitd.port();
    CompletableFuture<Void> down =
        CompletableFuture.runAsync(() -> gitd.shutDown(Eventually.LIMIT), RunningPushIT::onThread);

    Eventually.await()
        .untilAsserted(
            () ->
                assertThat(ana.git(project, "ls-remote", "ssh://127.0.0.1:" + port + "/x").err())
                    .contains("Connection refused"));
    assertThat(down).isNotDone();
    proceed.countDown();

    ana.succeed(Eventually.get(push));
    Eventually.get(down);
  }

  private static CompletableFuture<Ran> inBackground(Supplier<Ran> command) {
    return CompletableFuture.supplyAsync(command, RunningPushIT::onThread);
  }

  private static void onThread(Runnable work) {
    Thread _ = Thread.ofVirtual().start(work);
  }

  private static boolean await(CountDownLatch latch) {
    return await(latch, Eventually.LIMIT);
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
