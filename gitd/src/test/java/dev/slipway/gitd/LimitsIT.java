package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gitd.Developer.Ran;
import dev.slipway.gitd.receive.ReceiveLimits;
import dev.slipway.gitd.ssh.SshLimits;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much one client may take, with limits that are smaller than those of a Remote. */
class LimitsIT {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int TRIES = 3;
  private static final int SESSIONS = 2;
  private static final int CHANNELS = 2;

  @TempDir Path folder;
  private Developer ana;
  private TestGitd gitd;

  @BeforeEach
  void start() {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    start(SshLimits.defaults().loginGrace());
  }

  private void start(Duration grace) {
    SshLimits usual = SshLimits.defaults();
    var small =
        new SshLimits(
            TRIES,
            grace,
            usual.unauthenticatedSessions(),
            SESSIONS,
            CHANNELS,
            usual.idle(),
            usual.heartbeat(),
            usual.silence(),
            usual.windowWait());
    gitd = TestGitd.start(folder, small, ReceiveLimits.of(TestGitd.ROOMY), ana);
  }

  @AfterEach
  void stop() {
    gitd.close();
  }

  @Test
  void whoDoesNotLogInIsSentAwayAfterTheGrace() throws Exception {
    gitd.close();
    start(GRACE);
    long began = System.nanoTime();
    try (var silent = new Socket(InetAddress.getLoopbackAddress(), gitd.port())) {
      silent.setSoTimeout((int) Eventually.LIMIT.toMillis());
      // Banner, key exchange offer, then the end.
      silent.getInputStream().readAllBytes();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(GRACE.dividedBy(2));
  }

  @Test
  void whoTriesKeyAfterKeyIsSentAway() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i <= TRIES; i++) {
      keys.addAll(
          List.of("-i", Developer.withKey(folder, "key" + i, "-t", "ed25519").key().toString()));
    }

    Ran ran = ana.ssh(gitd, keys, "git-upload-pack 'x'");

    assertThat(ran.exit()).isEqualTo(255);
    assertThat(ran.err()).contains("Too many authentication failures");
  }

  @Test
  void whoHasAllSessionsOfARemoteGetsNoMoreUntilOneEnds() throws Exception {
    List<Process> running = new ArrayList<>();
    try {
      for (int i = 0; i < SESSIONS; i++) {
        Process session = ana.start(folder, ana.sshArgv(gitd, List.of(), "git-upload-pack 'x'"));
        running.add(session);
        assertThat(session.getInputStream().read()).isPositive();
      }

      Ran more = ana.ssh(gitd, List.of(), "git-upload-pack 'x'");

      assertThat(more.exit()).isEqualTo(255);
      assertThat(more.err()).contains("Too many concurrent connections");
      running.getFirst().destroyForcibly();
      Eventually.await()
          .until(() -> ana.git(ana.home(), "ls-remote", gitd.url()).exit(), code -> code == 0);
      assertThat(running.getLast().isAlive()).isTrue();
    } finally {
      running.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void connectionThatWantsMoreThanItsChannelsIsClosed() throws Exception {
    String control = folder.resolve("control").toString();
    // Over the one connection or not at all.
    List<String> shared = List.of("-S", control, "-o", "ProxyCommand=false");
    List<Process> running = new ArrayList<>();
    try {
      running.add(ana.start(folder, ana.sshArgv(gitd, List.of("-S", control, "-M", "-N"))));
      Eventually.await().until(() -> Files.exists(folder.resolve("control")));
      for (int i = 0; i < CHANNELS; i++) {
        Process command = ana.start(folder, ana.sshArgv(gitd, shared, "git-upload-pack 'x'"));
        running.add(command);
        // It has told its refs and waits for what the client wants.
        assertThat(command.getInputStream().read()).isPositive();
      }

      Ran more = ana.ssh(gitd, shared, "git-upload-pack 'x'");

      assertThat(more.exit()).as(more.all()).isEqualTo(255);
      assertThat(more.out()).isEmpty();
      // MINA knows no gentler way, and no git opens so many.
      for (Process each : running) {
        assertThat(Eventually.exit(each)).isNotZero();
      }
    } finally {
      running.forEach(Process::destroyForcibly);
    }
  }
}
