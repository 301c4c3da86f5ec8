package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.gitd.receive.ReceiveLimits;
import dev.slipway.gitd.ssh.SshLimits;
import dev.slipway.hooks.PushOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon a client's absence is noticed, and what does not count as one. */
class PresenceIT {
  /** Long for a client that is there on a busy machine. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  @TempDir Path folder;
  private Developer ana;
  private TestGitd gitd;
  private Path project;
  private final Semaphore turn = new Semaphore(1, true);
  private final CountDownLatch begun = new CountDownLatch(1);

  @BeforeEach
  void start() {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    gitd =
        TestGitd.start(
            folder,
            SshLimits.defaults().asking(Duration.ofMillis(500), SILENCE),
            ReceiveLimits.of(TestGitd.ROOMY),
            ana);
    project = ana.project("app", gitd);
  }

  @AfterEach
  void stop() {
    gitd.close();
  }

  @Test
  void turnIsFreeSoonAfterTheConnectionIsClosed() throws Exception {
    holdTheTurn();
    Process first = ana.start(project, List.of("git", "push", "dev", "master:first"));
    try {
      Eventually.passes(begun);
      FutureTask<Long> second = waitForTheTurn();

      long closed = System.nanoTime();
      Departure.SSH_KILLED.depart(first);

      measured("closed connection", closed, Eventually.get(second), Duration.ofSeconds(2));
    } finally {
      Departure.end(first);
    }
  }

  @Fault(
      during = During.BUILDING,
      what = "the network to the client is dead",
      leaves = "noticed within a minute: the pipeline is interrupted, the turn is free")
  @Test
  void turnIsFreeWhenAConnectionHasBeenSilent() throws Exception {
    holdTheTurn();
    try (SilentProxy network = new SilentProxy(gitd)) {
      Process first = ana.start(project, List.of("git", "push", network.url(), "master:first"));
      try {
        Eventually.passes(begun);
        FutureTask<Long> second = waitForTheTurn();

        long silent = System.nanoTime();
        network.fallSilent();

        measured("silent connection", silent, Eventually.get(second), SILENCE.plusSeconds(1));
      } finally {
        Departure.end(first);
      }
    }
  }

  /** As behind Ctrl-S: git reads nothing, ssh is there. */
  @Fault(
      during = During.BUILDING,
      what = "the terminal is paused for longer than a client may be silent",
      leaves = "goes on; when the terminal does, the push has ended well")
  @Test
  void pausedTerminalDoesNotEndAPush() throws Exception {
    CountDownLatch paused = new CountDownLatch(1);
    gitd.hook.answer(
        (push, terminal) -> {
          begun.countDown();
          try {
            Eventually.passes(paused);
            long end = System.nanoTime() + SILENCE.plusSeconds(2).toNanos();
            for (int i = 0; System.nanoTime() < end; i++) {
              terminal.line("line %d %s".formatted(i, "x".repeat(1000)));
              TimeUnit.MILLISECONDS.sleep(1);
            }
            return new PushOutcome.Stored();
          } catch (InterruptedException e) {
            return new PushOutcome.Cancelled();
          }
        });
    Process push = ana.start(project, List.of("git", "push", "-q", "dev", "master"));
    Thread reader = Thread.ofVirtual().start(() -> drain(push));
    try {
      Eventually.passes(begun);
      signal("STOP", push);
      paused.countDown();

      Eventually.await().until(() -> !gitd.hook.ended().isEmpty());

      assertThat(gitd.hook.ended().getFirst().moved()).isTrue();
      signal("CONT", push);
      assertThat(Eventually.exit(push)).isZero();
      reader.join();
    } finally {
      Departure.end(push);
    }
  }

  /** The first push holds it until it is interrupted, as a pipeline does. */
  private void holdTheTurn() {
    gitd.hook.answer(
        (push, terminal) -> {
          try {
            turn.acquire();
            try {
              begun.countDown();
              TimeUnit.MILLISECONDS.sleep(Eventually.LIMIT.toMillis());
            } finally {
              turn.release();
            }
            return new PushOutcome.Stored();
          } catch (InterruptedException e) {
            return new PushOutcome.Cancelled();
          }
        });
  }

  /** When the second push had it. */
  private FutureTask<Long> waitForTheTurn() throws InterruptedException {
    CountDownLatch waits = new CountDownLatch(1);
    long[] had = new long[1];
    gitd.hook.answer(
        (push, terminal) -> {
          waits.countDown();
          turn.acquireUninterruptibly();
          had[0] = System.nanoTime();
          turn.release();
          return new PushOutcome.Stored();
        });
    FutureTask<Long> second =
        new FutureTask<>(
            () -> {
              ana.succeed(ana.git(project, "push", "dev", "master:second"));
              return had[0];
            });
    Thread.ofVirtual().start(second);
    Eventually.passes(waits);
    return second;
  }

  /** A busy machine may take ten times as long. */
  private static void measured(String what, long from, long to, Duration limit) {
    Duration took = Duration.ofNanos(to - from);
    System.out.printf("%s: the turn is free after %d ms%n", what, took.toMillis());
    assertThat(took).isLessThan(limit.multipliedBy(10));
  }

  private static void drain(Process push) {
    try (var err = push.getErrorStream()) {
      err.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void signal(String name, Process process) throws Exception {
    assertThat(
            Eventually.exit(
                new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start()))
        .isZero();
  }
}
