package dev.slipway.gitd.front;

import dev.slipway.gitd.health.GitdMetrics;
import dev.slipway.gitd.ssh.Algorithms;
import dev.slipway.gitd.ssh.RunningCommands;
import dev.slipway.gitd.ssh.SshDoor;
import dev.slipway.gitd.ssh.SshLimits;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.function.Function;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;

/** Front's SSH server with its connections to gitds. */
public final class FrontDoor implements AutoCloseable {
  private final Upstreams upstreams;
  private final SshDoor door;

  /**
   * @param port 0 chooses a free one
   * @param hostKey private key in OpenSSH's format
   * @param ca by which gitds know front, ed25519
   * @param routes where a user name leads
   * @param waker asks for a gitd where there is none
   */
  public FrontDoor(
      int port,
      Path hostKey,
      KeyPair ca,
      Function<String, Route> routes,
      Waker waker,
      SshLimits limits,
      Patience patience,
      MeterRegistry meters) {
    var running = new RunningCommands();
    this.upstreams = new Upstreams(ca, limits, patience.answer());
    this.door =
        new SshDoor(
            port,
            hostKey,
            new FrontGate(new Gitds(routes, waker, upstreams, new FrontMetrics(meters)), patience),
            new UserAuthPublicKeyFactory(Algorithms.signatures()),
            new ForwardedCommands(running, patience.answer()),
            running,
            limits,
            new GitdMetrics(meters, "slipway.front"));
  }

  /** Starts to listen on all addresses. */
  public void start() throws IOException {
    door.start();
  }

  /** The port that it listens on. */
  public int port() {
    return door.port();
  }

  /** Takes no new connections, lets what runs come to its end for a while, then closes. */
  public void shutDown(Duration grace) throws IOException, InterruptedException {
    door.shutDown(grace);
  }

  @Override
  public void close() throws IOException {
    door.close();
    upstreams.close();
  }
}
