package dev.slipway.controller;

import dev.slipway.controller.model.BuilderDefaults;
import dev.slipway.controller.model.Defaults;
import dev.slipway.controller.model.Images;
import dev.slipway.crd.Registry;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The controller's process: reads its arguments, starts, and waits until it is told to stop. */
@Command(
    name = "controller",
    mixinStandardHelpOptions = true,
    description = "Makes a git remote that deploys out of every Remote.")
public final class ControllerMain implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ControllerMain.class);

  @Option(names = "--gitd-image", required = true, description = "Image of gitd.")
  private String gitdImage;

  @Option(
      names = "--builder-image",
      defaultValue =
          "ghcr.io/osscontainertools/kaniko:v1.28.3"
              + "@sha256:779f463aaa3219151ceff518249aa043a60bcb09a17fab58b915f63c678ecde6",
      description = "Image of Kaniko for Remotes that name none (default: ${DEFAULT-VALUE}).")
  private String builderImage;

  @Option(
      names = "--builder-defaults",
      defaultValue = "{}",
      description =
          "What builds get, as JSON: resources and nodeSelector for Remotes that say none in"
              + " spec.builder, tolerations, and priorityClassName.")
  private String builderDefaults = "";

  @Option(
      names = "--image-pull-secrets",
      split = ",",
      description =
          "Secrets, in the namespace of each Remote, to pull the images of gitd and Kaniko with.")
  private List<String> pullSecrets = new ArrayList<>();

  @Option(
      names = "--drain-seconds",
      defaultValue = "3600",
      description =
          "How long a gitd that is replaced lets running pushes go on (default: ${DEFAULT-VALUE}).")
  private int drainSeconds;

  @Option(names = "--gitd-priority-class", description = "PriorityClass of gitd's pods.")
  private String gitdPriorityClass = "";

  @Option(
      names = "--health-port",
      defaultValue = "8080",
      description = "Port of /livez, /readyz and /metrics (default: ${DEFAULT-VALUE}).")
  private int healthPort;

  @Option(
      names = "--watch-namespaces",
      split = ",",
      description = "Namespaces whose Remotes are served; all when not given.")
  private Set<String> watchNamespaces = new LinkedHashSet<>();

  @Option(
      names = "--front-secret",
      defaultValue = "",
      description =
          "Secret, as <namespace>/<name>, with the keys of the one SSH entry of all Remotes; made"
              + " when there is none. Without it, gitds take direct connections only.")
  private String frontSecret = "";

  @Option(
      names = "--front-service",
      defaultValue = "",
      description =
          "Service in the namespace of that Secret that leads to front: Remotes show its address in"
              + " their URL as soon as it is of type NodePort or LoadBalancer and has one.")
  private String frontService = "";

  @Option(
      names = "--front-host",
      defaultValue = "",
      description =
          "What developers reach front by, as <host>[:<port>], whatever its Service says.")
  private String frontHost = "";

  @Option(
      names = "--sleep-after-seconds",
      defaultValue = "1800",
      description =
          "How long nobody pushes or fetches until a gitd sleeps that front can wake, for Remotes"
              + " that do not say it; 0 for never (default: ${DEFAULT-VALUE}).")
  private int sleepAfterSeconds;

  @Option(
      names = "--lease",
      defaultValue = "",
      description =
          "Lease, as <namespace>/<name>, that one of several controllers holds at a time: the"
              + " others wait until it is released, or not renewed. Without it, only one may run.")
  private String lease = "";

  @Option(
      names = "--lease-seconds",
      defaultValue = "15",
      description =
          "How long after the last renewal another one takes the lease (default:"
              + " ${DEFAULT-VALUE}).")
  private int leaseSeconds;

  @Option(
      names = "--otlp-endpoint",
      defaultValue = "",
      description =
          "URL of an OpenTelemetry collector that takes OTLP over HTTP, to which gitds send a trace"
              + " of each push. Without it, they send none.")
  private String otlpEndpoint = "";

  @Option(
      names = "--default-registry",
      defaultValue = "",
      description = "Where images of Remotes go that name no registry, as in spec.registry.url.")
  private String defaultRegistry = "";

  @Option(
      names = "--default-registry-pull-url",
      defaultValue = "",
      description = "The same registry as nodes know it, as in spec.registry.pullUrl.")
  private String defaultRegistryPullUrl = "";

  @Option(
      names = "--default-registry-insecure",
      description = "It speaks plain HTTP, or has a certificate nobody signed.")
  private boolean defaultRegistryInsecure;

  @Spec private CommandSpec command;

  private ControllerMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new ControllerMain()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    Controller controller =
        Controller.start(
            parsed(),
            new KubernetesClientBuilder().build(),
            // At once: what a graceful end would finish is another one's work now.
            () -> Runtime.getRuntime().halt(1));
    Runtime.getRuntime().addShutdownHook(new Thread(controller::close));
    log.info("watching Remotes; health and metrics on port {}", controller.healthPort());
    // SIGTERM ends the process through the hook.
    new CountDownLatch(1).await();
    return 0;
  }

  ControllerConfig parsed() {
    return new ControllerConfig(
        defaults(),
        healthPort,
        watchNamespaces,
        front(),
        lease(),
        Optional.of(otlpEndpoint).filter(it -> !it.isEmpty()),
        defaultRegistry());
  }

  private Defaults defaults() {
    try {
      return new Defaults(
          new Images(gitdImage, builderImage),
          BuilderDefaults.parse(builderDefaults),
          pullSecrets,
          drainSeconds,
          Optional.of(gitdPriorityClass).filter(it -> !it.isEmpty()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private Optional<Registry> defaultRegistry() {
    return defaultRegistry.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Registry(
                defaultRegistry,
                defaultRegistryPullUrl,
                null,
                null,
                null,
                defaultRegistryInsecure));
  }

  private Optional<FrontSettings> front() {
    if (frontSecret.isEmpty() && frontService.isEmpty() && frontHost.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          FrontSettings.parse(frontSecret, frontService, frontHost, sleepAfterSeconds));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private Optional<LeaseSettings> lease() {
    if (lease.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LeaseSettings.parse(lease, leaseSeconds));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  /** For tests: the options without running anything. */
  static ControllerConfig parse(String... args) {
    var main = new ControllerMain();
    new CommandLine(main).parseArgs(args);
    return main.parsed();
  }
}
