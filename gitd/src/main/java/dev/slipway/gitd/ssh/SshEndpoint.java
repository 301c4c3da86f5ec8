package dev.slipway.gitd.ssh;

import dev.slipway.gitd.health.GitdMetrics;
import dev.slipway.gitd.keys.AuthorizedKeys;
import dev.slipway.gitd.keys.FrontPass;
import dev.slipway.gitd.receive.PushReceiver;
import dev.slipway.gitd.repo.FetchService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;

/** The SSH server of a Remote. */
public final class SshEndpoint implements AutoCloseable {
  private final SshDoor door;
  private final RemoteGate gate;

  /**
   * @param port 0 chooses a free one
   * @param hostKey private key in OpenSSH's format
   * @param keys the current snapshot
   * @param front whose word counts besides a key of the client's own; empty for nobody's
   * @param remote the Remote's name in its URL, for example {@code default-dev}
   */
  public SshEndpoint(
      int port,
      Path hostKey,
      Supplier<AuthorizedKeys> keys,
      Supplier<Optional<FrontPass.Issuer>> front,
      Supplier<String> remote,
      PushReceiver receiver,
      FetchService fetches,
      SshLimits limits,
      GitdMetrics metrics) {
    this.gate = new RemoteGate(keys, front, Clock.systemUTC());
    var running = new RunningCommands();
    this.door =
        new SshDoor(
            port,
            hostKey,
            gate,
            new UserAuthPublicKeyFactory(Algorithms.signaturesAndPasses()),
            new GitCommands(gate, receiver, fetches, remote, running),
            running,
            limits,
            metrics);
  }

  /** Starts to listen on all addresses. */
  public void start() throws IOException {
    door.start();
  }

  /** The port that it listens on. */
  public int port() {
    return door.port();
  }

  /**
   * Ends the sessions, with all they run, whose key is not let in any more or may do less, or that
   * came through a front that is not trusted any more.
   */
  public void closeRevoked() {
    for (Session session : door.sessions()) {
      gate.revocation(session).ifPresent(why -> SshDoor.disconnect(session, why));
    }
  }

  /** How long nobody has pushed or fetched. */
  public Duration idle() {
    return door.idle();
  }

  /** Takes no new connections, provided that nobody is connected; says whether that is so. */
  public boolean closeUnlessUsed() throws IOException {
    return door.closeUnlessUsed();
  }

  /** Takes new connections again. */
  public void reopen() throws IOException {
    door.reopen();
  }

  /** Takes no new connections, lets what runs come to its end for a while, then closes. */
  public void shutDown(Duration grace) throws IOException, InterruptedException {
    door.shutDown(grace);
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
