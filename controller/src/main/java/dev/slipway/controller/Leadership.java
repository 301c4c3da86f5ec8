package dev.slipway.controller;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This controller's part in the election of the one that acts. */
final class Leadership {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private final LeaseSettings lease;
  private final Runnable whenLost;
  // The name of the pod: a container that is started again goes on where the former one died.
  private final String identity =
      Optional.ofNullable(System.getenv("HOSTNAME"))
          .filter(name -> !name.isBlank())
          .orElseGet(() -> UUID.randomUUID().toString());
  private final KubernetesClient client;
  private final LeaseGuard guard;
  private volatile boolean ending;

  /**
   * Takes part in nothing yet.
   *
   * @param whenLost is run when another one may act from now on; it has to end the process, since
   *     reconciliations that run cannot be called back
   */
  Leadership(LeaseSettings lease, KubernetesClient client, Runnable whenLost) {
    this.lease = lease;
    this.whenLost = whenLost;
    this.client = client;
    this.guard =
        new LeaseGuard(this::renewed, lease.renewDeadline(), Clock.systemUTC(), this::stopped);
  }

  LeaderElectionConfiguration election() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease.name())
        .withLeaseNamespace(lease.namespace())
        .withIdentity(identity)
        .withLeaseDuration(lease.duration())
        .withRenewDeadline(lease.renewDeadline())
        .withRetryPeriod(lease.retryPeriod())
        .withExitOnStopLeading(false)
        .withLeaderCallbacks(new LeaderCallbacks(this::won, this::stopped, leader -> {}))
        .build();
  }

  private void won() {
    try {
      renew();
    } catch (KubernetesClientException e) {
      log.error("the lease {} was not renewed: {}", lease.name(), e.getMessage());
    }
    guard.begin(lease.retryPeriod().dividedBy(2));
    log.info("{} holds the lease {} and acts", identity, lease.name());
  }

  /**
   * fabric8 says that a Lease is won before it has renewed it, where it finds its own name in it:
   * as a container does that was started again in the same pod, and may have been away for long.
   */
  private void renew() {
    Lease held = named(client).get();
    if (held != null && identity.equals(held.getSpec().getHolderIdentity())) {
      held.getSpec().setRenewTime(ZonedDateTime.now(ZoneOffset.UTC));
      client.resource(held).lockResourceVersion().update();
    }
  }

  /** When this controller renewed the Lease last, by its own clock. */
  private Optional<Instant> renewed() {
    RequestConfig once =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout((int) lease.retryPeriod().toMillis())
            .build();
    KubernetesClient impatient = client.newClient(once).adapt(KubernetesClient.class);
    return Optional.ofNullable(named(impatient).get())
        .map(Lease::getSpec)
        .filter(it -> identity.equals(it.getHolderIdentity()))
        .map(it -> it.getRenewTime().toInstant());
  }

  private Resource<Lease> named(KubernetesClient asked) {
    return asked.leases().inNamespace(lease.namespace()).withName(lease.name());
  }

  private void stopped() {
    if (!ending) {
      log.error("{} lost the lease {}", identity, lease.name());
      whenLost.run();
    }
  }

  /** From now on losing the lease is no failure. */
  void end() {
    ending = true;
    guard.close();
  }

  /** Lets the next one act at once; without it, that one waits until the lease has run out. */
  void release() {
    try {
      Lease held = named(client).get();
      if (held != null && identity.equals(held.getSpec().getHolderIdentity())) {
        held.getSpec().setHolderIdentity(null);
        client.resource(held).lockResourceVersion().update();
      }
    } catch (KubernetesClientException e) {
      log.info("the lease {} was not released: {}", lease.name(), e.getMessage());
    }
  }
}
