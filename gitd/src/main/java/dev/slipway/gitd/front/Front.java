package dev.slipway.gitd.front;

import dev.slipway.gitd.health.HealthServer;
import dev.slipway.gitd.health.Termination;
import dev.slipway.gitd.scale.RemoteScale;
import dev.slipway.gitd.ssh.Algorithms;
import dev.slipway.gitd.ssh.SshLimits;
import dev.slipway.hooks.kube.LeanClient;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Wires the one entry of all Remotes and runs it until SIGTERM. */
@Command(name = "front", description = "Is the one SSH entry point of all Remotes.")
public final class Front implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(Front.class);

  /** How long nodes still lead new connections here, until they have heard that it ends. */
  private static final Duration STILL_LED_HERE = Duration.ofSeconds(5);

  @Option(names = "--host-key", required = true, description = "Private key in OpenSSH format.")
  private Path hostKey;

  @Option(
      names = "--ca-key",
      required = true,
      description = "Private key, in OpenSSH format, by which gitds know front.")
  private Path caKey;

  @Option(
      names = "--watch-namespaces",
      split = ",",
      description =
          "Namespaces whose Remotes have a name here, the same as the controller's; all when not"
              + " given.")
  private Set<String> watchNamespaces = new LinkedHashSet<>();

  @Option(names = "--ssh-port", defaultValue = "2022", description = "Default: ${DEFAULT-VALUE}.")
  private int sshPort;

  @Option(
      names = "--health-port",
      defaultValue = "8080",
      description = "HTTP port for health and metrics. Default: ${DEFAULT-VALUE}.")
  private int healthPort;

  @Option(
      names = "--shutdown-grace-seconds",
      defaultValue = "25",
      description =
          "How long running commands may go on after SIGTERM; keep it below the pod's grace period."
              + " Default: ${DEFAULT-VALUE}.")
  private int shutdownGraceSeconds;

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Override
  public Integer call() throws IOException {
    Algorithms.prepare();
    var listening = new AtomicBoolean();
    try (Termination termination = Termination.listen();
        KubernetesClient client = LeanClient.builder().build();
        RemoteIndex remotes = RemoteIndex.start(client, watchNamespaces);
        HealthServer health =
            HealthServer.start(healthPort, meters, () -> listening.get() && remotes.isComplete());
        FrontDoor door =
            new FrontDoor(
                sshPort,
                hostKey,
                KeyFile.read(caKey),
                remotes::find,
                Waker.by(new RemoteScale(client)),
                SshLimits.forFront(),
                Patience.defaults(),
                meters)) {
      remotes.count(meters);
      door.start();
      listening.set(true);
      log.atInfo()
          .addKeyValue("ssh", door.port())
          .addKeyValue("health", health.port())
          .log("listening");
      termination.await();
      listening.set(false);
      Thread.sleep(STILL_LED_HERE);
      log.info("no new connections; waiting for running commands");
      door.shutDown(Duration.ofSeconds(shutdownGraceSeconds));
    } catch (InterruptedException e) {
      log.info("interrupted");
    }
    return 0;
  }
}
