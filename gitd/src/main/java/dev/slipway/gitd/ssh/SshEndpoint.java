package dev.slipway.gitd.ssh;

import dev.slipway.gitd.health.GitdMetrics;
import dev.slipway.gitd.keys.AuthorizedKeys;
import dev.slipway.gitd.receive.PushReceiver;
import dev.slipway.gitd.repo.FetchService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.sshd.common.Factory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionHeartbeatController.HeartbeatType;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SSH server of a Remote. */
public final class SshEndpoint implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SshEndpoint.class);

  /**
   * OpenSSH's client tells only a server whose name begins like its own that nobody reads its
   * output any more (compat.c, SSH_NEW_OPENSSH); without that a push whose git was killed would go
   * on.
   */
  private static final String IDENTIFICATION = "OpenSSH_compatible_slipway";

  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final Listener server;
  private final RunningCommands running = new RunningCommands();
  private final Authentication authentication;

  /**
   * @param port 0 chooses a free one
   * @param hostKey private key in OpenSSH's format
   * @param keys the current snapshot
   * @param remote the Remote's name in its URL, for example {@code default-dev}
   */
  public SshEndpoint(
      int port,
      Path hostKey,
      Supplier<AuthorizedKeys> keys,
      Supplier<String> remote,
      PushReceiver receiver,
      FetchService fetches,
      SshLimits limits,
      GitdMetrics metrics) {
    this.server = (Listener) builder().build();
    this.authentication =
        new Authentication(keys, limits.unauthenticatedSessions(), metrics, Clock.systemUTC());
    GitCommands commands = new GitCommands(authentication, receiver, fetches, remote, running);
    server.setPort(port);
    server.setKeyPairProvider(new FileKeyPairProvider(hostKey));
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    server.setPublickeyAuthenticator(authentication);
    server.setKeyboardInteractiveAuthenticator(null);
    server.addSessionListener(authentication);
    server.setCommandFactory(commands);
    server.setShellFactory(commands);
    apply(limits);
  }

  /** MINA's server, whose port can be closed while its sessions go on. */
  private static final class Listener extends SshServer {
    void stopAccepting() {
      if (acceptor != null) {
        acceptor.unbind();
      }
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

  private void apply(SshLimits limits) {
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, limits.authenticationTries());
    CoreModuleProperties.AUTH_TIMEOUT.set(server, limits.loginGrace());
    CoreModuleProperties.IDLE_TIMEOUT.set(server, limits.idle());
    // MINA's own read timeout must not undercut the idle time.
    CoreModuleProperties.NIO2_READ_TIMEOUT.set(server, limits.idle().plusSeconds(15));
    CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, limits.channels());
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(server, limits.windowWait());
    CoreModuleProperties.SOCKET_KEEPALIVE.set(server, true);
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    CoreModuleProperties.SERVER_IDENTIFICATION.set(server, IDENTIFICATION);
    server.setSessionHeartbeat(HeartbeatType.IGNORE, limits.heartbeat());
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

  /** Ends the sessions, with all they run, whose key is not let in any more or may do less. */
  public void closeRevoked() {
    for (Session session : server.getActiveSessions()) {
      if (authentication.isRevoked(session)) {
        Authentication.disconnect(session, "your key was removed from this remote");
      }
    }
  }

  /** Takes no new connections, lets what runs come to its end for a while, then closes. */
  public void shutDown(Duration grace) throws IOException, InterruptedException {
    server.stopAccepting();
    if (running.awaitNone(grace)) {
      awaitClientsToLeave();
    }
    server.stop(true);
  }

  /**
   * What the last command said, its exit code too, may still be on its way; a client that has it
   * closes the connection itself.
   */
  private void awaitClientsToLeave() throws InterruptedException {
    List<AbstractSession> sessions = server.getActiveSessions();
    var connected = new CountDownLatch(sessions.size());
    sessions.forEach(session -> session.addCloseFutureListener(closed -> connected.countDown()));
    if (!connected.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
      log.info("{} idle connections are closed", connected.getCount());
    }
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
