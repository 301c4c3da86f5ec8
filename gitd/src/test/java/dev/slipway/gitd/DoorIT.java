package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.gitd.Developer.Ran;
import dev.slipway.gitd.ssh.SshLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Consumer;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, and what the door keeps shut, tried with OpenSSH. */
class DoorIT extends GitdOverSsh {
  private static final String UPLOAD = "git-upload-pack 'x'";
  private static final int UNAUTHENTICATED = SshLimits.defaults().unauthenticatedSessions();

  @ParameterizedTest
  @CsvSource({"ed25519,256", "ecdsa,256", "ecdsa,384", "ecdsa,521", "rsa,2048"})
  void acceptsModernKeys(String type, String bits) {
    Developer bob = Developer.withKey(folder, "bob", "-t", type, "-b", bits);
    gitd.authorize(bob.publicKey());

    assertThat(bob.git(bob.home(), "ls-remote", gitd.url()).err()).isEmpty();
    assertThat(gitd.meters.counter("slipway.gitd.authentications", "result", "success").count())
        .isEqualTo(1);
  }

  @Test
  void refusesUnknownKey() {
    Developer eve = Developer.withKey(folder, "eve", "-t", "ed25519");

    Ran ran = eve.git(eve.home(), "ls-remote", gitd.url());

    assertThat(ran.exit()).isEqualTo(128);
    assertThat(ran.err()).contains("Permission denied (publickey).");
    Eventually.await()
        .untilAsserted(
            () ->
                assertThat(
                        gitd.meters
                            .counter("slipway.gitd.authentications", "result", "failure")
                            .count())
                    .isEqualTo(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"none", "password", "keyboard-interactive", "hostbased", "gssapi-with-mic"})
  void offersNothingButPublicKeys(String method) {
    Ran ran = ana.ssh(gitd, List.of("-o", "PreferredAuthentications=" + method));

    assertThat(ran.exit()).isEqualTo(255);
    assertThat(ran.err()).contains("Permission denied (publickey).");
  }

  @Test
  void refusesSha1Signatures() {
    Developer bob = Developer.withKey(folder, "bob", "-t", "rsa", "-b", "2048");
    gitd.authorize(bob.publicKey());

    Ran ran = bob.ssh(gitd, List.of("-o", "PubkeyAcceptedAlgorithms=ssh-rsa"), UPLOAD);

    assertThat(ran.exit()).isEqualTo(255);
  }

  @ParameterizedTest
  @CsvSource({
    "KexAlgorithms=diffie-hellman-group14-sha1, key exchange method",
    "KexAlgorithms=diffie-hellman-group14-sha256, key exchange method",
    "Ciphers=aes128-cbc, cipher",
    "HostKeyAlgorithms=ssh-rsa, host key type"
  })
  void refusesOldAlgorithms(String option, String what) {
    List<String> options = List.of("-o", option, "-o", "LogLevel=INFO");

    assertThat(ana.ssh(gitd, options, UPLOAD).err()).contains("no matching " + what + " found");
  }

  /** Whose own first choice costs gitd more than all the rest of a push. */
  @Test
  void openSshIsOfferedFastCiphersOnly() {
    Ran ran = ana.ssh(gitd, List.of("-vv", "-o", "LogLevel=DEBUG2"), UPLOAD);

    assertThat(ran.err())
        .contains("kex: client->server cipher: aes128-gcm@openssh.com MAC: <implicit>")
        .contains("kex: server->client cipher: aes128-gcm@openssh.com MAC: <implicit>");
  }

  @ParameterizedTest
  @CsvSource({"aes256ctr, hmacsha256", "aes128ctr, hmacsha512etm", "cc20p1305_openssh, hmacsha256"})
  void otherClientsMayHaveOlderCiphers(BuiltinCiphers cipher, BuiltinMacs mac) throws IOException {
    AskingClient.connect(gitd, ana, cipher, mac).close();
  }

  @Test
  void macsWithSha1AreRefused() {
    assertThatThrownBy(
            () -> AskingClient.connect(gitd, ana, BuiltinCiphers.aes128ctr, BuiltinMacs.hmacsha1))
        .hasMessageContaining("Unable to negotiate key exchange for mac algorithms");
  }

  @Test
  void keyExchangeIsPostQuantumAndStrict() {
    String itsOwnChoice = "KexAlgorithms=+curve25519-sha256";
    Ran ran = ana.ssh(gitd, List.of("-vvv", "-o", "LogLevel=DEBUG3", "-o", itsOwnChoice), UPLOAD);

    assertThat(ran.err())
        .containsPattern("kex: algorithm: (mlkem768x25519|sntrup761x25519)")
        .contains("kex-strict-s-v00@openssh.com");
  }

  /** A client may name a key that it does not have; MINA asks whether that key would do. */
  @Test
  void pushBelongsToTheKeyThatWasProvenNotToOneThatWasOffered() throws IOException {
    Developer bob = Developer.withKey(folder, "bob", "-t", "ed25519");
    gitd.authorize(ana.publicKey(), bob.publicKey());
    Path stolen = folder.resolve("stolen.pub");
    Files.writeString(stolen, ana.publicKey() + "\n");
    Files.setPosixFilePermissions(stolen, PosixFilePermissions.fromString("rw-------"));
    Path project = bob.project("app", gitd);

    Ran push =
        bob.gitOver(List.of("-v", "-i", stolen.toString()), project, "push", "dev", "master");

    assertThat(push.err()).contains("Server accepts key: " + stolen);
    assertThat(push.exit()).isZero();
    assertThat(gitd.hook.pushes())
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.pusher().name()).isEqualTo("bob");
              assertThat(asked.pusher().fingerprint()).isEqualTo(bob.fingerprint());
            });
  }

  @Test
  void offeringAnotherOnesKeyWithoutProofLetsNobodyIn() throws IOException {
    Path stolen = folder.resolve("stolen.pub");
    Files.writeString(stolen, ana.publicKey() + "\n");
    Files.setPosixFilePermissions(stolen, PosixFilePermissions.fromString("rw-------"));
    Developer eve = Developer.withKey(folder, "eve", "-t", "ed25519");

    Ran ran = eve.ssh(gitd, List.of("-i", stolen.toString()), UPLOAD);

    assertThat(ran.err()).contains("Permission denied (publickey).");
  }

  @Test
  void shellGetsAHelpfulSentence() {
    Ran ran = ana.ssh(gitd, List.of("-T"));

    assertThat(ran.exit()).isEqualTo(127);
    assertThat(ran.err())
        .contains("Hello ana (" + ana.fingerprint() + ")")
        .contains("git remote add")
        .contains("ssh://default-dev@<host>[:<port>]/~/git/default-dev");
  }

  @Test
  void noTerminalIsGiven() {
    Ran ran = ana.ssh(gitd, List.of("-tt", "-o", "LogLevel=INFO"));

    assertThat(ran.exit()).isEqualTo(255);
    assertThat(ran.err()).contains("PTY allocation request failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ls /", "git-receive-pack 'a'; id"})
  void otherCommandsAreRefusedInOneSentence(String command) {
    Ran ran = ana.ssh(gitd, List.of(), command);

    assertThat(ran.exit()).isEqualTo(127);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).isEqualTo("Only git push, git fetch and git clone are on offer here.\n");
  }

  @Test
  void lfsIsRefusedWithAWayToPushAllTheSame() {
    Ran ran = ana.ssh(gitd, List.of(), "git-lfs-authenticate /x.git upload");

    assertThat(ran.exit()).isEqualTo(127);
    assertThat(ran.err()).contains("no Git LFS objects", "GIT_LFS_SKIP_PUSH=1");
  }

  @Test
  void archiveIsRefusedInOneSentence() {
    Ran ran = ana.ssh(gitd, List.of(), "git-upload-archive '/x.git'");

    assertThat(ran.exit()).isEqualTo(127);
    assertThat(ran.err())
        .isEqualTo("git archive is not on offer here: clone the repository instead.\n");
  }

  @Test
  void sftpIsRefused() {
    assertThat(ana.ssh(gitd, List.of("-s", "-o", "LogLevel=INFO"), "sftp").err())
        .contains("subsystem request failed");
  }

  @Test
  void localForwardingIsRefused() {
    Ran ran = ana.ssh(gitd, List.of("-o", "LogLevel=INFO", "-W", "127.0.0.1:" + gitd.port()));

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.out()).doesNotContain("SSH-2.0");
    assertThat(ran.err()).contains("stdio forwarding failed");
  }

  @Test
  void remoteForwardingIsRefused() {
    Ran ran =
        ana.ssh(gitd, List.of("-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1"), UPLOAD);

    assertThat(ran.exit()).isEqualTo(255);
    assertThat(ran.err()).contains("remote port forwarding failed");
  }

  @Test
  void whoseClientAsksForForwardingAndEnvironmentIsServedAllTheSame() {
    Ran ran = ana.ssh(gitd, List.of("-A", "-X", "-o", "SetEnv=LD_PRELOAD=/x FOO=bar"), UPLOAD);

    assertThat(ran.out()).contains("capabilities^{}");
  }

  @Test
  void nothingButGitsOneVariableAndACommandIsGrantedInASession() throws Exception {
    try (var client = AskingClient.connect(gitd, ana)) {
      assertThat(client.isGranted("env", strings("GIT_PROTOCOL", "version=2"))).isTrue();
      assertThat(client.isGranted("env", strings("GIT_PROTOCOL", "x".repeat(300)))).isFalse();
      assertThat(client.isGranted("env", strings("LD_PRELOAD", "/x"))).isFalse();
      assertThat(client.isGranted("env", strings("GIT_CONFIG_COUNT", "1"))).isFalse();
      assertThat(client.isGranted("auth-agent-req@openssh.com", strings())).isFalse();
      assertThat(client.isGranted("auth-agent-req", strings())).isFalse();
      assertThat(client.isGranted("x11-req", DoorIT::anyScreen)).isFalse();
      assertThat(client.isGranted("pty-req", DoorIT::anyTerminal)).isFalse();
      assertThat(client.isGranted("subsystem", strings("sftp"))).isFalse();
    }
  }

  private static Consumer<Buffer> strings(String... arguments) {
    return buffer -> List.of(arguments).forEach(buffer::putString);
  }

  private static void anyScreen(Buffer buffer) {
    buffer.putBoolean(false);
    buffer.putString("MIT-MAGIC-COOKIE-1");
    buffer.putString("00112233445566778899aabbccddeeff");
    buffer.putUInt(0);
  }

  private static void anyTerminal(Buffer buffer) {
    buffer.putString("xterm");
    List.of(80, 24, 0, 0).forEach(buffer::putUInt);
    buffer.putString("");
  }

  /** To gitd's own port, which does answer: what is refused is the way there. */
  @Test
  void noWayIsForwarded() throws Exception {
    var here = new SshdSocketAddress("127.0.0.1", gitd.port());
    try (var client = AskingClient.connect(gitd, ana)) {
      assertRefused(() -> client.open(new ChannelDirectTcpip(here, here)));
      for (String type :
          List.of("direct-streamlocal@openssh.com", "tun@openssh.com", "forwarded-tcpip", "x11")) {
        assertRefused(() -> client.open(new AskingClient.Asking(type)));
      }
      assertThat(client.isGrantedForAll("tcpip-forward", DoorIT::anyPort)).isFalse();
      assertThat(
              client.isGrantedForAll("streamlocal-forward@openssh.com", strings("/tmp/forwarded")))
          .isFalse();
    }
  }

  private static void anyPort(Buffer buffer) {
    buffer.putString("127.0.0.1");
    buffer.putUInt(0);
  }

  private static void assertRefused(ThrowingCallable open) {
    assertThatThrownBy(open)
        .rootCause()
        .isInstanceOfSatisfying(
            SshChannelOpenException.class,
            refused ->
                assertThat(refused.getReasonCode())
                    .isIn(
                        SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED,
                        SshConstants.SSH_OPEN_UNKNOWN_CHANNEL_TYPE));
  }

  @Test
  void everyPathLeadsToTheOneRepository() {
    Path project = ana.project("app", gitd);
    ana.succeed(ana.git(project, "push", "dev", "master"));

    for (String path :
        List.of(
            "/~/git/default-dev",
            "/default-dev.git",
            "/",
            "/../../etc",
            "/etc/passwd",
            "/%2e%2e/%2e%2e/etc",
            "/it's/o!k",
            "/some/where else")) {
      assertThat(ana.succeed(ana.git(project, "ls-remote", gitd.url(path))).out())
          .as(path)
          .contains("refs/heads/master");
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "ana", "repository", "ssh_host_ed25519_key", "ssh_host_ed25519_key.pub");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void scpLikePathLeadsThereToo() {
    Ran ran =
        ana.gitOver(
            List.of("-p", String.valueOf(gitd.port())),
            ana.home(),
            "ls-remote",
            "default-dev@127.0.0.1:~/git/default-dev");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
  }

  @Test
  void newKeyWorksAndRevokedKeyIsRefusedWithoutRestart() {
    Developer bob = Developer.withKey(folder, "bob", "-t", "ed25519");
    assertThat(bob.git(bob.home(), "ls-remote", gitd.url()).exit()).isEqualTo(128);

    gitd.authorize(bob.publicKey());

    assertThat(bob.git(bob.home(), "ls-remote", gitd.url()).exit()).isZero();
    assertThat(ana.git(ana.home(), "ls-remote", gitd.url()).exit()).isEqualTo(128);
  }

  @Fault(
      during = During.CONNECTING,
      what = "the key of a session is revoked",
      leaves = "the session is closed")
  @Test
  void sessionOfARevokedKeyIsClosed() throws Exception {
    Developer bob = Developer.withKey(folder, "bob", "-t", "ed25519");
    gitd.authorize(ana.publicKey(), bob.publicKey());
    Process waiting = ana.start(ana.home(), ana.sshArgv(gitd, List.of(), UPLOAD));
    try {
      assertThat(waiting.getInputStream().read()).isNotNegative();

      gitd.authorize(bob.publicKey());

      assertThat(Eventually.exit(waiting)).isEqualTo(255);
    } finally {
      waiting.destroyForcibly();
    }
  }

  @Test
  void isReachedOverIpv6() throws SocketException {
    assumeTrue(
        NetworkInterface.getByInetAddress(InetAddress.ofLiteral("::1")) != null, "needs IPv6");
    gitd.authorize("from=\"::1\" " + ana.publicKey());
    assertThat(ana.git(ana.home(), "ls-remote", gitd.url()).exit()).isEqualTo(128);

    String overIpv6 = gitd.url().replace("127.0.0.1", "[::1]");

    assertThat(ana.git(ana.home(), "ls-remote", overIpv6).exit()).isZero();
  }

  @Test
  void keyIsLetInOnlyAsItsOptionsSay() {
    Path project = ana.project("work", gitd);
    gitd.authorize("from=\"203.0.113.1\" " + ana.publicKey());
    assertThat(ana.git(ana.home(), "ls-remote", gitd.url()).exit()).isEqualTo(128);
    gitd.authorize("expiry-time=\"20200101\" " + ana.publicKey());
    assertThat(ana.git(ana.home(), "ls-remote", gitd.url()).exit()).isEqualTo(128);

    gitd.authorize("from=\"127.0.0.0/8,::1\",read-only " + ana.publicKey());

    assertThat(ana.git(ana.home(), "ls-remote", gitd.url()).exit()).isZero();
    Developer.Ran push = ana.git(project, "push", "dev", "master");
    assertThat(push.exit()).isNotZero();
    assertThat(push.err()).contains("may fetch and clone, and not push");
  }

  @Fault(
      during = During.CONNECTING,
      what = "many connections that say nothing",
      leaves = "nothing stays open")
  @Test
  void manyShortConnectionsLeaveNothingOpen() throws Exception {
    for (int i = 0; i < UNAUTHENTICATED + 10; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gitd.port())) {
        assertThat(socket.getInputStream().read()).isEqualTo('S');
      }
    }

    assertThat(ana.git(ana.home(), "ls-remote", gitd.url()).exit()).isZero();
    Eventually.await()
        .untilAsserted(
            () -> assertThat(gitd.meters.get("slipway.gitd.connections").gauge().value()).isZero());
  }

  /** They all come from one address, as those do that come through front. */
  @Fault(
      during = During.CONNECTING,
      what = "a thousand idle connections, more than gitd holds",
      leaves = "the oldest are closed; a push gets in")
  @Test
  void idleConnectionsKeepNobodyOut() {
    Path project = ana.project("app", gitd);
    try (var _ = IdleConnections.open(gitd.port(), 1000)) {
      ana.succeed(ana.git(project, "push", "dev", "master"));
      Eventually.await()
          .until(
              () -> gitd.meters.get("slipway.gitd.connections").gauge().value() <= UNAUTHENTICATED);
    }
  }
}
