package dev.slipway.gitd;

import dev.slipway.crd.gitd.PushLimits;
import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import dev.slipway.gitd.health.GitdMetrics;
import dev.slipway.gitd.keys.CurrentKeys;
import dev.slipway.gitd.keys.FrontPass;
import dev.slipway.gitd.receive.PushReceiver;
import dev.slipway.gitd.receive.ReceiveLimits;
import dev.slipway.gitd.repo.FetchService;
import dev.slipway.gitd.repo.NoOutsideConfig;
import dev.slipway.gitd.repo.RemoteRepository;
import dev.slipway.gitd.repo.UpkeepPlan;
import dev.slipway.gitd.ssh.SshEndpoint;
import dev.slipway.gitd.ssh.SshLimits;
import dev.slipway.gitd.trace.PushTraces;
import dev.slipway.hooks.report.PushMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** gitd without a cluster: the real SSH server and repository, with a hook that a test scripts. */
public final class TestGitd implements SshTarget, AutoCloseable {
  public static final PushLimits ROOMY = new PushLimits(1L << 30, 512L << 20, 1L << 20);

  public final ScriptedHook hook = new ScriptedHook();
  public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CurrentKeys keys = new CurrentKeys();
  private volatile Optional<FrontPass.Issuer> front = Optional.empty();
  private final PublicKey hostKey;
  private final RemoteRepository repository;
  private final SshEndpoint endpoint;
  private volatile ReceiveLimits limits;

  static {
    NoOutsideConfig.install();
  }

  /** One that tells a collector how pushes went. */
  public static TestGitd tracing(PushTraces traces, Path folder, Developer... allowed) {
    TestGitd gitd =
        new TestGitd(
            folder, SshLimits.defaults(), ReceiveLimits.of(ROOMY), Integer.MAX_VALUE, traces);
    gitd.authorize(Stream.of(allowed).map(Developer::publicKey).toArray(String[]::new));
    return gitd;
  }

  private TestGitd(
      Path folder, SshLimits sshLimits, ReceiveLimits receiveLimits, int packs, PushTraces traces) {
    this.limits = receiveLimits;
    try {
      Path hostKeyFile = folder.resolve("ssh_host_ed25519_key");
      if (!Files.exists(hostKeyFile)) {
        Process keygen =
            new ProcessBuilder(
                    "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKeyFile.toString())
                .inheritIO()
                .start();
        Eventually.exit(keygen);
      }
      this.hostKey =
          AuthorizedKey.parse(Files.readString(folder.resolve("ssh_host_ed25519_key.pub"))).key();
      GitdMetrics metrics = new GitdMetrics(meters);
      repository =
          RemoteRepository.at(
              folder.resolve("repository"),
              () -> List.of("master", "main"),
              new UpkeepPlan(
                  packs, Duration.ZERO, Duration.ofDays(30), () -> limits.push().reserveBytes()));
      repository.pointHead();
      endpoint =
          new SshEndpoint(
              0,
              hostKeyFile,
              keys,
              () -> front,
              () -> "default-dev",
              new PushReceiver(
                  () -> "default/dev",
                  repository,
                  hook,
                  () -> limits,
                  new PushMeters(meters),
                  traces),
              new FetchService(repository),
              sshLimits,
              metrics);
      endpoint.start();
      keys.onChange(endpoint::closeRevoked);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException | UnusableKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  public static TestGitd start(Path folder, Developer... allowed) {
    return start(folder, SshLimits.defaults(), ReceiveLimits.of(ROOMY), allowed);
  }

  public static TestGitd start(
      Path folder, SshLimits limits, ReceiveLimits receiveLimits, Developer... allowed) {
    TestGitd gitd =
        new TestGitd(folder, limits, receiveLimits, Integer.MAX_VALUE, PushTraces.none());
    gitd.authorize(Stream.of(allowed).map(Developer::publicKey).toArray(String[]::new));
    return gitd;
  }

  /** One that repacks whenever so many packs lie there. */
  public static TestGitd repackingAt(int packs, Path folder, String key) {
    TestGitd gitd =
        new TestGitd(
            folder, SshLimits.defaults(), ReceiveLimits.of(ROOMY), packs, PushTraces.none());
    gitd.authorize(key);
    return gitd;
  }

  /** Sets other limits, as a new config does. */
  public void limit(PushLimits push) {
    limits = new ReceiveLimits(push, limits.keepAlive(), limits.drain());
  }

  /** Publishes a new set of keys, as ConfigWatch does. */
  public void authorize(String... lines) {
    keys.replace(List.of(lines));
  }

  /** Lets a front vouch for pushers, and none other any more. */
  public void trust(PublicKey frontCa) {
    front = Optional.of(new FrontPass.Issuer(frontCa, "default/dev"));
    endpoint.closeRevoked();
  }

  public PublicKey hostKey() {
    return hostKey;
  }

  @Override
  public int port() {
    return endpoint.port();
  }

  public void shutDown(Duration grace) {
    try {
      endpoint.shutDown(grace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Shuts the door as before a sleep; says whether nobody was there. */
  public boolean closeUnlessUsed() {
    try {
      return endpoint.closeUnlessUsed();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void reopen() {
    try {
      endpoint.reopen();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RemoteRepository repository() {
    return repository;
  }

  public String url(String path) {
    return "ssh://default-dev@127.0.0.1:" + port() + path;
  }

  @Override
  public void close() {
    try {
      endpoint.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // What still runs writes into the folder, which goes next.
    Eventually.await().until(() -> hook.ended().size() >= hook.pushes().size());
    repository.close();
  }
}
