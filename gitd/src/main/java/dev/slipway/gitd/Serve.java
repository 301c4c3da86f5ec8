package dev.slipway.gitd;

import dev.slipway.gitd.config.ConfigWatch;
import dev.slipway.gitd.health.GitdMetrics;
import dev.slipway.gitd.health.HealthServer;
import dev.slipway.gitd.health.Termination;
import dev.slipway.gitd.keys.CurrentKeys;
import dev.slipway.gitd.keys.FrontPass;
import dev.slipway.gitd.receive.PushReceiver;
import dev.slipway.gitd.receive.ReceiveLimits;
import dev.slipway.gitd.repo.FetchService;
import dev.slipway.gitd.repo.NoOutsideConfig;
import dev.slipway.gitd.repo.RemoteRepository;
import dev.slipway.gitd.repo.UpkeepPlan;
import dev.slipway.gitd.scale.RemoteScale;
import dev.slipway.gitd.ssh.Algorithms;
import dev.slipway.gitd.ssh.SshEndpoint;
import dev.slipway.gitd.ssh.SshLimits;
import dev.slipway.gitd.trace.PushTraces;
import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.PushPipeline;
import dev.slipway.hooks.build.BuiltImages;
import dev.slipway.hooks.context.BuildContextServer;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.kube.LeanClient;
import dev.slipway.hooks.report.PushMeters;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Wires the server of one Remote and runs it until SIGTERM, or until nobody needs it. */
@Command(name = "serve", description = "Serves one Remote over SSH.")
final class Serve implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(Serve.class);

  /** How often the log says that there is no config yet. */
  private static final Duration REMIND = Duration.ofMinutes(1);

  /** How soon SIGTERM is heard while there is no config yet. */
  private static final Duration LISTEN = Duration.ofMillis(200);

  /** How many images are remembered; each is a block on the volume. */
  private static final int BUILT_IMAGES = 1000;

  @Option(names = "--namespace", required = true, description = "Namespace of the Remote.")
  String namespace;

  @Option(names = "--config-secret", required = true, description = "Secret to watch.")
  String configSecret;

  @Option(names = "--repository", required = true, description = "Folder of the repository.")
  Path repository;

  @Option(names = "--host-key", required = true, description = "Private key in OpenSSH format.")
  Path hostKey;

  @Option(names = "--ssh-port", defaultValue = "2022", description = "Default: ${DEFAULT-VALUE}.")
  int sshPort;

  @Option(
      names = "--context-port",
      defaultValue = "8022",
      description = "HTTP port for builds. Default: ${DEFAULT-VALUE}.")
  int contextPort;

  @Option(
      names = "--health-port",
      defaultValue = "8080",
      description = "HTTP port for health and metrics. Default: ${DEFAULT-VALUE}.")
  int healthPort;

  @Option(
      names = "--shutdown-grace-seconds",
      defaultValue = "25",
      description =
          "How long running pushes may go on after SIGTERM; keep it below the pod's grace period."
              + " Default: ${DEFAULT-VALUE}.")
  int shutdownGraceSeconds;

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicBoolean ready = new AtomicBoolean();

  @Override
  public Integer call() throws IOException {
    Algorithms.prepare();
    NoOutsideConfig.install();
    try (Termination termination = Termination.listen();
        HealthServer health = HealthServer.start(healthPort, meters, ready::get);
        KubernetesClient client = LeanClient.builder().build()) {
      log.atInfo().addKeyValue("health", health.port()).log("waiting for the config");
      CurrentKeys keys = new CurrentKeys();
      try (ConfigWatch config =
          ConfigWatch.start(
              client,
              namespace,
              configSecret,
              snapshot -> keys.replace(snapshot.authorizedKeys()))) {
        serve(client, config, keys, termination);
      }
    } catch (InterruptedException e) {
      log.info("interrupted");
    }
    return 0;
  }

  /** Prepares all that needs no config while the first one is on its way. */
  private void serve(
      KubernetesClient client, ConfigWatch config, CurrentKeys keys, Termination termination)
      throws IOException, InterruptedException {
    BuildContexts contexts = new BuildContexts();
    PushMeters pushMeters = new PushMeters(meters);
    PushPipeline pipeline =
        new PushPipeline(
            config,
            client,
            Clock.systemUTC(),
            contexts,
            new BuiltImages(
                repository.resolveSibling("built-images"), Clock.systemUTC(), BUILT_IMAGES),
            PipelineSettings.defaults(),
            pushMeters);
    GitdMetrics metrics = new GitdMetrics(meters);
    try (PushTraces traces = PushTraces.of(System.getenv());
        RemoteRepository stored =
            RemoteRepository.at(
                repository,
                () -> config.get().deployBranches(),
                UpkeepPlan.keeping(() -> config.get().limits().reserveBytes()));
        BuildContextServer contextServer = BuildContextServer.start(contextPort, contexts);
        SshEndpoint ssh =
            new SshEndpoint(
                sshPort,
                hostKey,
                keys,
                () -> FrontPass.Issuer.of(config.get()),
                () -> config.get().namespace() + "-" + config.get().name(),
                new PushReceiver(
                    () -> config.get().namespace() + "/" + config.get().name(),
                    stored,
                    pipeline,
                    () -> ReceiveLimits.of(config.get().limits()),
                    pushMeters,
                    traces),
                new FetchService(stored),
                SshLimits.defaults(),
                metrics)) {
      if (!awaitFirst(config, termination)) {
        log.info("stopped before there was a config");
        return;
      }
      stored.pointHead();
      pipeline.beginSweep();
      ssh.start();
      keys.onChange(ssh::closeRevoked);
      ready.set(true);
      log.atInfo()
          .addKeyValue("ssh", ssh.port())
          .addKeyValue("contexts", contextServer.port())
          .log("ready");
      new Sleep(config, ssh, stored, new RemoteScale(client)).awaitEnd(termination);
      ready.set(false);
      log.info("no new connections; waiting for running commands");
      ssh.shutDown(Duration.ofSeconds(shutdownGraceSeconds));
    }
  }

  /**
   * Without an end but SIGTERM's: the controller may come later than gitd, and its config with it.
   *
   * @return whether there is one
   */
  private boolean awaitFirst(ConfigWatch config, Termination termination)
      throws InterruptedException {
    Instant reminder = Instant.now().plus(REMIND);
    while (!config.awaitFirst(LISTEN)) {
      if (termination.isAsked()) {
        return false;
      }
      if (Instant.now().isAfter(reminder)) {
        log.atWarn().addKeyValue("secret", configSecret).log("still waiting for the config");
        reminder = Instant.now().plus(REMIND);
      }
    }
    return true;
  }
}
