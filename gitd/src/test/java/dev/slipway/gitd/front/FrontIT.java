package dev.slipway.gitd.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.gitd.Departure;
import dev.slipway.gitd.Developer;
import dev.slipway.gitd.Developer.Ran;
import dev.slipway.gitd.Eventually;
import dev.slipway.gitd.IdleConnections;
import dev.slipway.gitd.ScriptedHook;
import dev.slipway.gitd.TestGitd;
import dev.slipway.gitd.ssh.SshLimits;
import dev.slipway.hooks.PushOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a developer gets who comes through front, with the real git and ssh and a real gitd. */
class FrontIT {
  private static final String UPLOAD = "git-upload-pack 'x'";
  private static final List<String> TALKATIVE = List.of("-o", "LogLevel=INFO");

  @TempDir Path folder;
  private Developer ana;
  private TestGitd gitd;
  private TestFront front;

  @BeforeEach
  void start() {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    gitd = TestGitd.start(folder, ana);
    front = TestFront.start(folder);
    front.leadTo(gitd);
  }

  @AfterEach
  void stop() {
    front.close();
    gitd.close();
  }

  @Test
  void pushArrivesAsThePushersOwnAndCanBeCloned() {
    Path project = ana.project("app", front);

    Ran push = ana.succeed(ana.git(project, "push", "dev", "master"));

    assertThat(push.err()).contains("[new branch]").contains("master -> master");
    assertThat(gitd.hook.pushes())
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.pusher().name()).isEqualTo("ana");
              assertThat(asked.pusher().fingerprint()).isEqualTo(ana.fingerprint());
            });
    ana.succeed(ana.git(ana.home(), "clone", "-q", front.url(), "copy"));
    assertThat(ana.home().resolve("copy/README")).hasContent("hello\n");
  }

  @Test
  void rejectionComesThroughWithItsLinesAndItsExitCode() {
    Path project = ana.project("app", front);
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
  }

  @Test
  void onlyGitsVariableIsPassedOnAndOnlyGitsCommandsRun() {
    Ran version = ana.ssh(front, List.of("-o", "SetEnv=GIT_PROTOCOL=version=2 FOO=bar"), UPLOAD);
    Ran other = ana.ssh(front, List.of(), "cat /etc/passwd");

    assertThat(version.out()).contains("version 2");
    assertThat(other.exit()).isEqualTo(127);
    assertThat(other.err()).contains("Only git push, git fetch and git clone are on offer here.");
  }

  @Test
  void shellIsAnsweredWithTheUrlToUse() {
    Ran ran = ana.ssh(front, List.of());

    assertThat(ran.exit()).isEqualTo(127);
    assertThat(ran.err()).contains("there is no shell here").contains("/~/git/default-dev");
  }

  @Test
  void shellIsAnsweredWithTheNameThatTheClientCameWith() {
    front.routes.put("default_dev", front.routes.get(front.user()));

    Ran ran = ana.run(ana.home(), ana.sshCommand("-p", "" + front.port(), "default_dev@127.0.0.1"));

    assertThat(ran.exit()).isEqualTo(127);
    assertThat(ran.err()).contains("ssh://default_dev@").contains("/~/git/default_dev");
  }

  @Test
  void commandThatTheGitdRefusesToStartEndsAtOnce() throws Exception {
    KeyPair host = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
    try (SshServer refusing = SshServer.setUpDefaultServer()) {
      refusing.setKeyPairProvider(KeyPairProvider.wrap(host));
      refusing.setPublickeyAuthenticator((user, key, session) -> true);
      refusing.setCommandFactory(
          (channel, command) -> {
            throw new IOException("the key has expired");
          });
      refusing.start();
      front.leadTo(refusing.getPort(), host.getPublic());

      assertThat(ana.ssh(front, List.of(), UPLOAD).exit()).isNotZero();
    }
  }

  @Test
  void refusesUnknownKeysAndUnknownRemotesAlike() {
    Developer eve = Developer.withKey(folder, "eve", "-t", "ed25519");
    String denied = "Permission denied (publickey).";

    assertThat(eve.git(eve.home(), "ls-remote", front.url()).err()).contains(denied);
    front.routes.clear();
    assertThat(ana.git(ana.home(), "ls-remote", front.url()).err()).contains(denied);
    assertThat(authentications("success")).isZero();
  }

  @Test
  void gitdAnswersOnlyWhoeverFrontHasNamedWithTheCaThatItTrusts() {
    gitd.trust(Developer.withKey(folder, "other", "-t", "ed25519").parsedKey());

    assertThat(ana.git(ana.home(), "ls-remote", front.url()).err())
        .contains("Permission denied (publickey).");
  }

  /** A client may name a key that it does not have; gitd is then asked and nothing more. */
  @Test
  void keyThatIsOnlyOfferedOpensNothing() throws IOException {
    Developer eve = Developer.withKey(folder, "eve", "-t", "ed25519");

    Ran ran = eve.ssh(front, List.of("-v", "-i", publicHalf(ana).toString()), UPLOAD);

    assertThat(ran.err()).contains("Server accepts key: ").contains("Permission denied");
    assertThat(authentications("success")).isZero();
  }

  @Test
  void pushBelongsToTheKeyThatWasProvenNotToOneThatWasOfferedBefore() throws IOException {
    Developer bob = Developer.withKey(folder, "bob", "-t", "ed25519");
    gitd.authorize(ana.publicKey(), bob.publicKey());
    Path project = bob.project("app", front);

    Ran push =
        bob.gitOver(
            List.of("-v", "-i", publicHalf(ana).toString()), project, "push", "dev", "master");

    assertThat(push.err()).contains("Server accepts key: " + folder.resolve("stolen.pub"));
    assertThat(push.exit()).isZero();
    assertThat(gitd.hook.pushes())
        .singleElement()
        .satisfies(asked -> assertThat(asked.pusher().name()).isEqualTo("bob"));
    assertThat(authentications("success")).isEqualTo(1);
  }

  @Fault(
      during = During.CONNECTING,
      what = "the key of a session through front is revoked",
      leaves = "the session is closed with a sentence")
  @Test
  void revokedKeyEndsItsSessionAtOnce() throws Exception {
    Process waiting = ana.start(ana.home(), ana.sshArgv(front, List.of(), UPLOAD));
    try {
      assertThat(waiting.getInputStream().read()).isNotNegative();

      gitd.authorize();

      assertThat(Eventually.exit(waiting)).isNotZero();
      assertThat(waiting.errorReader().lines())
          .anyMatch(line -> line.contains("your key was removed from this remote"));
    } finally {
      waiting.destroyForcibly();
    }
    assertThat(ana.git(ana.home(), "ls-remote", front.url()).exit()).isEqualTo(128);
  }

  @Fault(
      during = During.CONNECTING,
      what = "front's CA is replaced",
      leaves = "sessions of the former one are closed")
  @Test
  void sessionThatAFormerFrontVouchedForEndsAtOnce() throws Exception {
    Process waiting = ana.start(ana.home(), ana.sshArgv(front, List.of(), UPLOAD));
    try {
      assertThat(waiting.getInputStream().read()).isNotNegative();

      gitd.trust(Developer.withKey(folder, "other", "-t", "ed25519").parsedKey());

      assertThat(Eventually.exit(waiting)).isNotZero();
      assertThat(waiting.errorReader().lines())
          .anyMatch(line -> line.contains("the front that you came through is not trusted"));
    } finally {
      waiting.destroyForcibly();
    }
  }

  /** What counts is where the client is, here 127.0.0.2, and not front at 127.0.0.1. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          from="127.0.0.2" | 0   | 0
          from="127.0.0.1" | 128 | 128
          read-only        | 0   | 128
          """)
  void optionsOfAKeyHold(String options, int fetched, int pushed) {
    Path project = ana.project("app", front);
    gitd.authorize(options + " " + ana.publicKey());
    List<String> elsewhere = List.of("-b", "127.0.0.2");

    assertThat(ana.gitOver(elsewhere, ana.home(), "ls-remote", front.url()).exit())
        .isEqualTo(fetched);
    assertThat(ana.gitOver(elsewhere, project, "push", "dev", "master").exit()).isEqualTo(pushed);
    assertThat(gitd.hook.pushes()).hasSize(pushed == 0 ? 1 : 0);
  }

  @Test
  void revokedKeyEndsAConnectionThatRunsNothing() throws Exception {
    Process idle = ana.start(ana.home(), ana.sshArgv(front, List.of("-N")));
    try {
      Eventually.await().until(() -> authentications("success") == 1);

      gitd.authorize();

      assertThat(Eventually.exit(idle)).isNotZero();
      assertThat(idle.errorReader().lines())
          .anyMatch(line -> line.contains("your key was removed from this remote"));
    } finally {
      idle.destroyForcibly();
    }
  }

  @Test
  void largePackGoesBothWays() throws IOException {
    Path project = ana.project("app", front);
    // Several times what the windows on the way hold.
    byte[] noise = new byte[8 << 20];
    new Random(1).nextBytes(noise);
    Files.write(project.resolve("noise"), noise);
    ana.commit(project, "README", "with noise\n");

    ana.succeed(ana.git(project, "push", "-q", "dev", "master"));
    ana.succeed(ana.git(ana.home(), "clone", "-q", front.url(), "copy"));

    assertThat(ana.home().resolve("copy/noise")).hasBinaryContent(noise);
  }

  @ParameterizedTest
  @EnumSource
  void departedClientInterruptsTheHook(Departure departure) throws Exception {
    Path project = ana.project("app", front);
    ScriptedHook.Running running = gitd.hook.runUntilInterrupted();
    Process push = ana.start(project, List.of("setsid", "git", "push", "dev", "master"));
    try {
      Eventually.passes(running.begun());

      departure.depart(push);

      assertThat(Eventually.get(running.interrupted())).isTrue();
    } finally {
      Departure.end(push);
    }
  }

  @Fault(
      during = During.BUILDING,
      what = "front loses its connection to gitd",
      leaves = "the push ends with a sentence; the pipeline is interrupted")
  @Test
  void lostGitdEndsThePushWithASentence() throws Exception {
    Path project = ana.project("app", front);
    ScriptedHook.Running running = gitd.hook.runUntilInterrupted();
    CompletableFuture<Ran> push =
        CompletableFuture.supplyAsync(() -> ana.git(project, "push", "dev", "master"));
    Eventually.passes(running.begun());

    gitd.close();

    Ran ran = Eventually.get(push);
    assertThat(ran.exit()).isNotZero();
    assertThat(ran.err()).contains("The connection to the git server of default/dev was lost.");
    assertThat(Eventually.get(running.interrupted())).isTrue();
  }

  @Fault(
      during = During.CONNECTING,
      what = "gitd is starting",
      leaves = "front waits and says so; then goes on")
  @Test
  void waitsForAGitdThatStartsAndSaysSo() throws Exception {
    front.routes.put(front.user(), new Route.Unready());
    Process list = ana.start(ana.home(), ana.sshArgv(front, TALKATIVE, "git-upload-pack", "'x'"));
    try {
      // ssh first says that it has learned the host key.
      boolean told =
          list.errorReader().lines().anyMatch(line -> line.startsWith("Waiting for default-dev."));
      assertThat(told).isTrue();

      front.leadTo(gitd);

      assertThat(list.getInputStream().read()).isNotNegative();
    } finally {
      list.destroyForcibly();
    }
  }

  @Fault(
      during = During.CONNECTING,
      what = "front and gitd are replaced at once",
      leaves = "who waits at the old front is led to the new gitd")
  @Test
  void whoWaitsForAGitdIsLedThereAlthoughFrontGoes() throws Exception {
    front.routes.put(front.user(), new Route.Unready());
    Process list = ana.start(ana.home(), ana.sshArgv(front, TALKATIVE, "git-upload-pack", "'x'"));
    try {
      BufferedReader said = list.errorReader();
      awaitSentence(said);
      String url = front.url();
      CompletableFuture<Void> down =
          CompletableFuture.runAsync(
              () -> front.shutDown(Eventually.LIMIT), work -> Thread.ofVirtual().start(work));
      Eventually.await()
          .untilAsserted(
              () ->
                  assertThat(ana.git(ana.home(), "ls-remote", url).err())
                      .contains("Connection refused"));
      awaitSentence(said);

      front.leadTo(gitd);

      assertThat(list.getInputStream().read()).isNotNegative();
      list.destroyForcibly();
      Eventually.get(down);
    } finally {
      list.destroyForcibly();
    }
  }

  private static void awaitSentence(BufferedReader said) throws IOException {
    String line = "";
    while (!line.startsWith("Waiting for default-dev.")) {
      line = said.readLine();
      assertThat(line).as("before the sentence").isNotNull();
    }
  }

  @Fault(
      during = During.CONNECTING,
      what = "gitd does not come up",
      leaves = "ends with a sentence when the patience is over")
  @Test
  void givesUpOnAGitdThatDoesNotComeAndSaysSo() throws IOException {
    front.close();
    front = TestFront.start(folder.resolve("impatient"), Duration.ofSeconds(1));
    try (Socket taken = new Socket()) {
      // Nobody listens there, and nobody else will.
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      front.leadTo(taken.getLocalPort(), gitd.hostKey());

      Ran ran = ana.gitOver(TALKATIVE, ana.home(), "ls-remote", front.url());

      assertThat(ran.exit()).isEqualTo(128);
      assertThat(ran.err())
          .contains("Waiting for default-dev. Its git server does not answer.")
          .contains(
              "default-dev is not available. Its git server does not answer. Try again later");
    }
  }

  @Test
  void sleepingGitdIsWokenByAKeyOfItsRemoteAndTheClientIsTold() throws Exception {
    Path project = ana.project("app", front);
    CountDownLatch asked = sleepUntilWoken(ana);
    CompletableFuture<Ran> pushing =
        CompletableFuture.supplyAsync(() -> ana.git(project, "push", "dev", "master"));
    Eventually.passes(asked);
    front.leadTo(gitd);

    Ran push = ana.succeed(Eventually.get(pushing));

    assertThat(push.err())
        .contains("Waking the git server of default/dev, which was asleep.")
        .contains("master -> master");
    assertThat(gitd.hook.pushes())
        .singleElement()
        .satisfies(it -> assertThat(it.pusher().fingerprint()).isEqualTo(ana.fingerprint()));
  }

  @Test
  void nobodyWakesAGitdWithoutTheProofOfAKeyOfItsRemote() throws IOException {
    Developer eve = Developer.withKey(folder, "eve", "-t", "ed25519");
    CountDownLatch asked = sleepUntilWoken(ana);

    Ran stranger = eve.git(eve.home(), "ls-remote", front.url());
    Ran unproven = eve.ssh(front, List.of("-v", "-i", publicHalf(ana).toString()), UPLOAD);

    assertThat(stranger.err()).contains("Permission denied (publickey).");
    assertThat(unproven.err()).contains("Server accepts key: ").contains("Permission denied");
    assertThat(asked.getCount()).isEqualTo(1);
  }

  @Fault(
      during = During.CONNECTING,
      what = "the key is revoked while gitd sleeps, and front has not heard of it",
      leaves = "gitd is woken and refuses it with a sentence")
  @Test
  void keyThatWasRevokedWhileGitdSleptIsRefused() {
    gitd.authorize();
    front.sleep(ana);
    front.waker = remote -> front.leadTo(gitd);

    Ran ran = ana.git(ana.home(), "ls-remote", front.url());

    assertThat(ran.exit()).isEqualTo(128);
    assertThat(ran.err()).contains("this key is no longer accepted");
    assertThat(authentications("success")).isZero();
  }

  @Fault(
      during = During.CONNECTING,
      what = "gitd goes to sleep",
      leaves = "front waits, has it woken and goes on")
  @Test
  void whoComesWhileGitdGoesToSleepIsServed() throws Exception {
    assertThat(gitd.closeUnlessUsed()).isTrue();
    Process list = ana.start(ana.home(), ana.sshArgv(front, TALKATIVE, "git-upload-pack", "'x'"));
    try {
      assertThat(list.errorReader().lines().anyMatch(line -> line.startsWith("Waiting for ")))
          .isTrue();

      CountDownLatch asked = sleepUntilWoken(ana);
      Eventually.passes(asked);
      gitd.reopen();
      front.leadTo(gitd);

      assertThat(list.getInputStream().read()).isNotNegative();
    } finally {
      list.destroyForcibly();
    }
  }

  @Test
  void gitdDoesNotShutItsDoorWhileSomebodyIsThere() throws Exception {
    Process idle = ana.start(ana.home(), ana.sshArgv(front, List.of("-N")));
    try {
      Eventually.await().until(() -> authentications("success") == 1);
      assertThat(gitd.closeUnlessUsed()).isFalse();
    } finally {
      idle.destroyForcibly();
    }
    Eventually.await().until(gitd::closeUnlessUsed);
    gitd.reopen();
    assertThat(ana.git(ana.home(), "ls-remote", front.url()).err()).isEmpty();
  }

  @Fault(
      during = During.CONNECTING,
      what = "gitd does not wake up",
      leaves = "ends with a sentence when the patience is over")
  @Test
  void givesUpOnAGitdThatDoesNotWakeUpAndSaysSo() {
    front.close();
    front = TestFront.start(folder.resolve("impatient"), Duration.ofSeconds(1));
    front.leadTo(gitd);
    front.sleep(ana);

    Ran command = ana.git(ana.home(), "ls-remote", front.url());
    Ran none = ana.ssh(front, List.of("-N"));

    for (Ran ran : List.of(command, none)) {
      assertThat(ran.exit()).isNotZero();
      assertThat(ran.err())
          .contains("default-dev is not available. Its git server was asleep and did not wake up");
    }
  }

  /** Counts down when front wants the gitd woken. */
  private CountDownLatch sleepUntilWoken(Developer... wakers) {
    var asked = new CountDownLatch(1);
    front.waker = remote -> asked.countDown();
    front.sleep(wakers);
    return asked;
  }

  @Test
  void speaksToNobodyWhoHasNotTheHostKeyOfTheGitd() {
    front.close();
    front = TestFront.start(folder.resolve("impatient"), Duration.ofSeconds(1));
    front.leadTo(gitd);
    front.leadTo(gitd.port(), Developer.withKey(folder, "other", "-t", "ed25519").parsedKey());

    assertThat(ana.git(ana.home(), "ls-remote", front.url()).err())
        .contains("default-dev is not available.");
    assertThat(authentications("success")).isZero();
  }

  @Fault(
      during = During.CONNECTING,
      what = "more idle connections than front holds",
      leaves = "the oldest are closed; a push gets in")
  @Test
  void idleConnectionsToFrontAndToTheGitdKeepNobodyOut() {
    try (var _ = IdleConnections.beyond(SshLimits.forFront(), front);
        var _ = IdleConnections.beyond(SshLimits.defaults(), gitd)) {
      assertThat(ana.git(ana.home(), "ls-remote", front.url()).err()).isEmpty();
    }
  }

  @Test
  void nothingStaysOpenBehindAClientThatHasLeft() {
    ana.succeed(ana.git(ana.home(), "ls-remote", front.url()));

    Eventually.await()
        .until(() -> gitd.meters.get("slipway.gitd.connections").gauge().value() == 0);
    Eventually.await()
        .until(() -> front.meters.get("slipway.front.connections").gauge().value() == 0);
  }

  private double authentications(String result) {
    return gitd.meters.counter("slipway.gitd.authentications", "result", result).count();
  }

  /** Somebody's public key in a file of its own, with no private one beside it. */
  private Path publicHalf(Developer of) throws IOException {
    Path file = folder.resolve("stolen.pub");
    Files.writeString(file, of.publicKey() + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }
}
