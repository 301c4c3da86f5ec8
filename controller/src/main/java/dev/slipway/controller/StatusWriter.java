package dev.slipway.controller;

import dev.slipway.controller.check.ApiFailure;
import dev.slipway.controller.dependent.Dependents;
import dev.slipway.controller.status.Announcements;
import dev.slipway.controller.status.Assessment;
import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.time.Instant;

/** Writes down what was found about a Remote: events about what is news, and its status. */
final class StatusWriter {
  private static final int CACHE_FOLLOWS_WITHIN_MILLIS = 1000;
  private static final int LOOK_AGAIN_MILLIS = 50;

  private final KubernetesClient client;
  private final Announcements announcements;

  StatusWriter(KubernetesClient client) {
    this.client = client;
    this.announcements = new Announcements(client);
  }

  /**
   * Writes what is not written yet.
   *
   * @throws TriedAgainException if the status could not be written
   */
  void write(Remote remote, Assessment assessment, Instant now, Context<Remote> context) {
    if (!assessment.differsFrom(remote)) {
      return;
    }
    // Events first: what is still news after a restart is told again, as the same event.
    announcements.announce(remote, assessment, now);
    try {
      // Not by UpdateControl, which leaves the next reconciliation a Remote without this status, so
      // that it would be news again; and not by JOSDK's client, which is patient.
      PrimaryUpdateAndCacheUtils.updateAndCacheResource(
          remote,
          context,
          it -> withOnly(assessment, remote),
          this::patch,
          1,
          CACHE_FOLLOWS_WITHIN_MILLIS,
          LOOK_AGAIN_MILLIS);
    } catch (KubernetesClientException e) {
      throw new TriedAgainException("its status was not written: " + ApiFailure.sentence(e), e);
    } catch (OperatorException e) {
      throw new TriedAgainException("its status was not written: " + e.getMessage(), e);
    }
  }

  private Remote patch(Remote status) {
    return client
        .resource(status)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withForce(true)
                .withFieldManager(Dependents.FIELD_MANAGER)
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .build());
  }

  /** A fresh object: what it does not hold stays gitd's. */
  private static Remote withOnly(Assessment assessment, Remote remote) {
    var fresh = new Remote();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(remote.getMetadata().getName())
            .withNamespace(remote.getMetadata().getNamespace())
            .build());
    fresh.setStatus(assessment.status());
    return fresh;
  }
}
