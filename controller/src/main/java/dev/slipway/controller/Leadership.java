package dev.slipway.controller;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
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
  private volatile boolean ending;

  /**
   * @param whenLost is run when another one may act from now on; it has to end the process, since
   *     reconciliations that run cannot be called back
   */
  Leadership(LeaseSettings lease, Runnable whenLost) {
    this.lease = lease;
    this.whenLost = whenLost;
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
    log.info("{} holds the lease {} and acts", identity, lease.name());
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
  }

  /** Lets the next one act at once; without it, that one waits until the lease has run out. */
  void release(KubernetesClient client) {
    try {
      Resource<Lease> named = client.leases().inNamespace(lease.namespace()).withName(lease.name());
      Lease held = named.get();
      if (held != null && identity.equals(held.getSpec().getHolderIdentity())) {
        held.getSpec().setHolderIdentity(null);
        client.resource(held).lockResourceVersion().update();
      }
    } catch (KubernetesClientException e) {
      log.info("the lease {} was not released: {}", lease.name(), e.getMessage());
    }
  }
}
