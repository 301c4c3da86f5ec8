package dev.slipway.hooks.report;

import dev.slipway.crd.LastPush;
import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.Labels;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records on its Remote how a push ended: status and event. */
public final class PushRecord {
  private static final Logger log = LoggerFactory.getLogger(PushRecord.class);
  private static final String ACTOR = "slipway-gitd";

  private final KubernetesClient client;
  private final ApiCalls api;

  public PushRecord(KubernetesClient client, ApiCalls api) {
    this.client = client;
    this.api = api;
  }

  /** Records; never fails, since the push itself is over. */
  public void record(GitdConfig config, LastPush push) {
    try {
      writeStatus(config, push);
      writeEvent(config, push);
    } catch (KubernetesClientException e) {
      log.warn("The push of {} could not be recorded on the Remote", push.commit(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeStatus(GitdConfig config, LastPush push) throws InterruptedException {
    String patch = Serialization.asJson(Map.of("status", Map.of("lastPush", push)));
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(ACTOR)
            .build();
    api.call(
        () ->
            client
                .resources(Remote.class)
                .inNamespace(config.namespace())
                .withName(config.name())
                .subresource("status")
                .patch(context, patch));
  }

  private void writeEvent(GitdConfig config, LastPush push) throws InterruptedException {
    boolean good =
        switch (push.outcome()) {
          case Deployed, Stored -> true;
          case Rejected, Cancelled -> false;
        };
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(config.name() + "-push-")
            .withNamespace(config.namespace())
            .addToLabels(Labels.PUSH, push.push())
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(Remote.GROUP + "/" + Remote.VERSION)
            .withKind("Remote")
            .withName(config.name())
            .withNamespace(config.namespace())
            .withUid(config.uid())
            .endInvolvedObject()
            .withType(good ? "Normal" : "Warning")
            .withReason(good ? push.outcome().name() : "Push" + push.outcome().name())
            .withMessage(push.message())
            .withNewSource()
            .withComponent(ACTOR)
            .endSource()
            .withFirstTimestamp(push.finishedAt())
            .withLastTimestamp(push.finishedAt())
            .withCount(1)
            .build();
    api.call(() -> client.resource(event).create());
  }
}
