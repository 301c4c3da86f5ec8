package dev.slipway.controller;

import dev.slipway.controller.cache.SlimStore;
import dev.slipway.controller.dependent.FrontKeys;
import dev.slipway.controller.health.HealthServer;
import dev.slipway.controller.model.Front;
import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running controller: the operator and the server that tells how it is. */
final class Controller implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Controller.class);

  /** Longer than a reconciliation takes, and shorter than the lease lasts unrenewed. */
  private static final Duration FINISH_WITHIN = Duration.ofSeconds(10);

  /**
   * What JOSDK says with its numbers that is always the same, and how often it has tried, which has
   * no end.
   */
  private static final MeterFilter WITHOUT_MORE_LABELS =
      MeterFilter.ignoreTags(
          "group",
          "version",
          "kind",
          "scope",
          "resource.group",
          "resource.version",
          "resource.kind",
          "resource.scope",
          "reconciliations.retries.number",
          "reconciliations.retries.last");

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private final Operator operator;
  private final HealthServer health;
  private final KubernetesClient client;
  private final Optional<Leadership> leadership;

  private Controller(
      Operator operator,
      HealthServer health,
      KubernetesClient client,
      Optional<Leadership> leadership) {
    this.operator = operator;
    this.health = health;
    this.client = client;
    this.leadership = leadership;
  }

  /**
   * Returns once all caches are filled, also when another controller acts.
   *
   * @param client closed together with the controller
   * @param whenLost ends the process, as another one may act from now on
   */
  static Controller start(ControllerConfig config, KubernetesClient client, Runnable whenLost) {
    Optional<Leadership> leadership =
        config.lease().map(it -> new Leadership(it, client, whenLost));
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    metrics.config().meterFilter(WITHOUT_MORE_LABELS);
    // Ready means synced. JOSDK's own health also wants every watch open, which it is not while
    // fabric8 falls back from WebSocket to plain HTTP, or the API server is away.
    var synced = new AtomicBoolean();
    HealthServer health = HealthServer.start(config.healthPort(), synced::get, metrics);
    awaitApi(client);
    var operator =
        new Operator(
            overrider -> {
              overrider
                  .withKubernetesClient(client)
                  .withCloseClientOnStop(false)
                  .withReconciliationTerminationTimeout(FINISH_WITHIN)
                  .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(metrics));
              leadership
                  .map(Leadership::election)
                  .ifPresent(overrider::withLeaderElectionConfiguration);
            });
    operator.register(
        new RemoteReconciler(
            client,
            config.defaults(),
            config.defaultRegistry(),
            config.front().map(settings -> front(client, settings)),
            config.watchNamespaces(),
            config.collector(),
            Clock.systemUTC()),
        overrider -> {
          overrider
              .withRetry(retry())
              .withItemStore(SlimStore.forOneInformer(config.watchNamespaces(), Controller::strip))
              .withInformerListLimit(SlimStore.PAGE);
          if (!config.watchNamespaces().isEmpty()) {
            overrider.settingNamespaces(config.watchNamespaces());
          }
        });
    operator.start();
    synced.set(true);
    return new Controller(operator, health, client, leadership);
  }

  private static void strip(Remote remote) {
    SlimStore.stripMetadata(remote);
    if (remote.getStatus() != null && remote.getStatus().conditions() != null) {
      remote.getStatus().conditions().forEach(SlimStore::strip);
    }
  }

  int healthPort() {
    return health.port();
  }

  @Override
  public void close() {
    health.close();
    leadership.ifPresent(Leadership::end);
    operator.stop();
    leadership.ifPresent(Leadership::release);
    client.close();
  }

  /**
   * Alive, and not ready: a process that ended instead would be started again later each time, and
   * come back minutes after the API server.
   */
  private static void awaitApi(KubernetesClient client) {
    while (true) {
      try {
        client.getKubernetesVersion();
        return;
      } catch (KubernetesClientException e) {
        log.warn("the API server does not answer, trying again: {}", e.getMessage());
        try {
          Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while waiting for the API", interrupted);
        }
      }
    }
  }

  private static CurrentFront front(KubernetesClient client, FrontSettings settings) {
    FrontKeys keys = FrontKeys.ensure(client, settings.namespace(), settings.secret());
    return new CurrentFront(
        new Front(
            settings.host(), settings.port(), keys.host(), keys.ca(), settings.sleepAfterSeconds()),
        settings.service().map(name -> new ResourceID(name, settings.namespace())));
  }

  /** Without an end: an API server may be away for longer than any number of attempts. */
  private static Retry retry() {
    return new GenericRetry()
        .setInitialInterval(Duration.ofSeconds(1))
        .setIntervalMultiplier(2)
        .setMaxInterval(Duration.ofMinutes(1).toMillis())
        .withoutMaxAttempts();
  }
}
