package dev.slipway.gitd;

import dev.slipway.gitd.health.GitdMetrics;
import dev.slipway.gitd.keys.CurrentKeys;
import dev.slipway.gitd.receive.PushReceiver;
import dev.slipway.gitd.receive.ReceiveLimits;
import dev.slipway.gitd.repo.FetchService;
import dev.slipway.gitd.repo.NoOutsideConfig;
import dev.slipway.gitd.repo.RemoteRepository;
import dev.slipway.gitd.ssh.SshEndpoint;
import dev.slipway.gitd.ssh.SshLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** gitd without a cluster: the real SSH server and repository, with a hook that a test scripts. */
public final class TestGitd implements AutoCloseable {
  public final ScriptedHook hook = new ScriptedHook();
  public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CurrentKeys keys = new CurrentKeys();
  private final RemoteRepository repository;
  private final SshEndpoint endpoint;

  private TestGitd(Path folder, SshLimits limits, ReceiveLimits receiveLimits) {
    try {
      Path hostKey = folder.resolve("ssh_host_ed25519_key");
      if (!Files.exists(hostKey)) {
        Process keygen =
            new ProcessBuilder(
                    "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey.toString())
                .inheritIO()
                .start();
        keygen.waitFor();
      }
      NoOutsideConfig.install();
      GitdMetrics metrics = new GitdMetrics(meters);
      repository =
          RemoteRepository.at(folder.resolve("repository"), () -> List.of("master", "main"));
      repository.pointHead();
      endpoint =
          new SshEndpoint(
              0,
              hostKey,
              keys,
              () -> "default-dev",
              new PushReceiver(repository, hook, receiveLimits, metrics),
              new FetchService(repository),
              limits,
              metrics);
      endpoint.start();
      keys.onChange(endpoint::closeRevoked);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public static TestGitd start(Path folder, Developer... allowed) {
    return start(folder, SshLimits.defaults(), ReceiveLimits.defaults(), allowed);
  }

  public static TestGitd start(
      Path folder, SshLimits limits, ReceiveLimits receiveLimits, Developer... allowed) {
    TestGitd gitd = new TestGitd(folder, limits, receiveLimits);
    gitd.authorize(Stream.of(allowed).map(Developer::publicKey).toArray(String[]::new));
    return gitd;
  }

  /** Publishes a new set of keys, as ConfigWatch does. */
  public void authorize(String... lines) {
    keys.replace(List.of(lines));
  }

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

  public RemoteRepository repository() {
    return repository;
  }

  /** The URL as Gitkube printed it. */
  public String url() {
    return url("/~/git/default-dev");
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
    repository.close();
  }
}
