package dev.slipway.gitd.front;

import dev.slipway.gitd.Developer;
import dev.slipway.gitd.SshTarget;
import dev.slipway.gitd.TestGitd;
import dev.slipway.gitd.ssh.SshLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A front without a cluster: the real SSH server, and a table of routes that a test fills. */
final class TestFront implements SshTarget, AutoCloseable {
  static final String REMOTE = "default/dev";

  final Map<String, Route> routes = new ConcurrentHashMap<>();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  volatile Waker waker = remote -> {};
  private final KeyPair ca;
  private final FrontDoor door;

  /** Longer than a door that shuts waits for those who do nothing. */
  private static final Duration REMIND = Duration.ofSeconds(5);

  private TestFront(Path folder, Patience patience) {
    try {
      ca = KeyFile.read(Developer.withKey(folder, "ca", "-t", "ed25519").key());
      door =
          new FrontDoor(
              0,
              Developer.withKey(folder, "front", "-t", "ed25519").key(),
              ca,
              user -> routes.getOrDefault(user, new Route.Unknown()),
              remote -> waker.wake(remote),
              SshLimits.forFront(),
              patience,
              meters);
      door.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TestFront start(Path folder) {
    return start(folder, Duration.ofSeconds(60));
  }

  /**
   * @param absent how long it waits for a gitd that is not there
   */
  static TestFront start(Path folder, Duration absent) {
    Patience usual = Patience.defaults();
    return new TestFront(
        folder,
        new Patience(
            usual.connect(),
            usual.answer(),
            absent,
            Duration.ofMillis(100),
            REMIND,
            Duration.ofMillis(10),
            usual.knock()));
  }

  void shutDown(Duration grace) {
    try {
      door.shutDown(grace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes both know each other. */
  void leadTo(TestGitd gitd) {
    gitd.trust(ca.getPublic());
    leadTo(gitd.port(), gitd.hostKey());
  }

  void leadTo(int port, PublicKey hostKey) {
    routes.put(user(), new Route.ToGitd(REMOTE, "127.0.0.1", port, hostKey));
  }

  /** As when the gitd of the Remote sleeps, until the route is another one. */
  void sleep(Developer... wakers) {
    Set<String> keys = Stream.of(wakers).map(Developer::fingerprint).collect(Collectors.toSet());
    routes.computeIfPresent(user(), (user, route) -> new Route.Asleep((Route.ToGitd) route, keys));
  }

  @Override
  public int port() {
    return door.port();
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
