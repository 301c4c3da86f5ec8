package dev.slipway.gitd.ssh;

import dev.slipway.gitd.health.GitdMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.Factory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionHeartbeatController.HeartbeatType;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.shell.ShellFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SSH server with public keys only, git's commands only, and the algorithms and limits that gitd
 * and front have in common.
 */
public final class SshDoor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SshDoor.class);

  /**
   * OpenSSH's client tells only a server whose name begins like its own that nobody reads its
   * output any more (compat.c, SSH_NEW_OPENSSH); without that a push whose git was killed would go
   * on.
   */
  private static final String IDENTIFICATION = "OpenSSH_compatible_slipway";

  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final Listener server;
  private final RunningCommands running;
  private Collection<SocketAddress> open = List.of();

  /**
   * @param port 0 chooses a free one
   * @param hostKey private key in OpenSSH's format
   * @param keys which signatures users may prove their keys with
   * @param commands what is on offer, and what is said instead of a shell
   * @param running where {@code commands} enters what it runs
   */
  public <C extends CommandFactory & ShellFactory> SshDoor(
      int port,
      Path hostKey,
      Gate gate,
      UserAuthPublicKeyFactory keys,
      C commands,
      RunningCommands running,
      SshLimits limits,
      GitdMetrics metrics) {
    this.server = (Listener) builder().build();
    this.running = running;
    Authentication authentication = new Authentication(gate, limits, metrics);
    server.setPort(port);
    if (gate.mayWait()) {
      // Not virtual ones: the JDK's channel group keeps some for ever, each with its carrier.
      server.setIoServiceFactoryFactory(
          new Nio2ServiceFactoryFactory(() -> ThreadUtils.newCachedThreadPool("waiting sessions")));
    }
    server.setKeyPairProvider(new FileKeyPairProvider(hostKey));
    server.setUserAuthFactories(List.of(keys));
    server.setPublickeyAuthenticator(authentication);
    server.setKeyboardInteractiveAuthenticator(null);
    server.addSessionListener(authentication);
    server.addSessionListener(Algorithms.fastCiphersForOpenSsh());
    server.setCommandFactory(commands);
    server.setShellFactory(commands);
    limits.applyTo(server);
    CoreModuleProperties.SERVER_IDENTIFICATION.set(server, IDENTIFICATION);
    server.setReservedSessionMessagesHandler(new Heartbeat(limits.silence()));
    server.setSessionHeartbeat(HeartbeatType.RESERVED, limits.heartbeat());
  }

  /** MINA's server, whose port can be closed while its sessions go on. */
  private static final class Listener extends SshServer {
    void stopAccepting() {
      if (acceptor != null) {
        acceptor.unbind();
      }
    }

    void acceptAt(Collection<SocketAddress> addresses) throws IOException {
      acceptor.bind(addresses);
    }
  }

  private static ServerBuilder builder() {
    Factory<SshServer> factory = Listener::new;
    return ServerBuilder.builder()
        .factory(factory)
        .keyExchangeFactories(Algorithms.keyExchanges())
        .cipherFactories(Algorithms.ciphers())
        .macFactories(Algorithms.macs())
        .signatureFactories(Algorithms.signatures())
        .compressionFactories(Algorithms.compressions())
        .forwardingFilter(RejectAllForwardingFilter.INSTANCE)
        .channelFactories(List.of(new GitChannel.Factory()))
        .globalRequestHandlers(List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE));
  }

  /** Starts to listen on all addresses. */
  public void start() throws IOException {
    server.start();
  }

  /** The port that it listens on. */
  public int port() {
    return server.getBoundAddresses().stream()
        .map(InetSocketAddress.class::cast)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("not listening"))
        .getPort();
  }

  /** Those that are connected now, whether authenticated or not. */
  public List<AbstractSession> sessions() {
    return server.getActiveSessions();
  }

  /** Closes a connection with a sentence that the client shows. */
  public static void disconnect(Session session, String sentence) {
    Authentication.disconnect(session, sentence);
  }

  /** How long no command has run. */
  public Duration idle() {
    return running.idle();
  }

  /**
   * Takes no new connections, provided that nobody is connected and nothing runs.
   *
   * @return false if somebody is, or has just come, for whom the door is open as before
   */
  public boolean closeUnlessUsed() throws IOException {
    if (isUsed()) {
      return false;
    }
    open = server.getBoundAddresses();
    server.stopAccepting();
    if (isUsed()) {
      reopen();
      return false;
    }
    return true;
  }

  /** Takes new connections again, at the same port. */
  public void reopen() throws IOException {
    server.acceptAt(open);
  }

  private boolean isUsed() {
    return !server.getActiveSessions().isEmpty() || running.idle().isZero();
  }

  /**
   * Takes no new connections, lets those who are there log in and end what they do for a while,
   * then closes.
   */
  public void shutDown(Duration grace) throws IOException, InterruptedException {
    server.stopAccepting();
    long end = System.nanoTime() + grace.toNanos();
    boolean expected = true;
    while (expected && running.awaitNone(Duration.ofNanos(end - System.nanoTime()))) {
      awaitClientsToLeave();
      expected = isSomebodyExpected() && System.nanoTime() < end;
    }
    log.info("{} connections are closed", server.getActiveSessions().size());
    server.stop(true);
  }

  /** Who logs in will ask for something; who has been let in and does not is idle. */
  private boolean isSomebodyExpected() {
    return running.idle().isZero()
        || server.getActiveSessions().stream().anyMatch(it -> !it.isAuthenticated());
  }

  /**
   * What the last command said, its exit code too, may still be on its way; a client that has it
   * closes the connection itself.
   */
  private void awaitClientsToLeave() throws InterruptedException {
    List<AbstractSession> sessions = server.getActiveSessions();
    var connected = new CountDownLatch(sessions.size());
    sessions.forEach(session -> session.addCloseFutureListener(closed -> connected.countDown()));
    var _ = connected.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
