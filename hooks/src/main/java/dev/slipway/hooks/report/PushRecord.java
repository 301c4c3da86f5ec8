package dev.slipway.hooks.report;

import dev.slipway.crd.LastPush;
import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.PushId;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.report.EventRecorder.EventType;
import dev.slipway.hooks.report.EventRecorder.News;
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

  private final KubernetesClient client;
  private final ApiCalls api;
  private final EventRecorder events;
  private final String actor;

  /**
   * @param actor whose part of the status it is
   */
  public PushRecord(KubernetesClient client, ApiCalls api, EventRecorder events, String actor) {
    this.client = client;
    this.api = api;
    this.events = events;
    this.actor = actor;
  }

  /** Records; never fails, since the push itself is over. */
  public void record(GitdConfig config, PushId id, LastPush push) {
    try {
      writeStatus(config, push);
      writeEvent(config, id, push);
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
            .withFieldManager(actor)
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

  private void writeEvent(GitdConfig config, PushId id, LastPush push) throws InterruptedException {
    boolean good =
        switch (push.outcome()) {
          case Deployed, Stored -> true;
          case Rejected, Cancelled -> false;
        };
    events.record(
        new News(
            PushEvents.remote(config),
            good ? EventType.Normal : EventType.Warning,
            good ? push.outcome().name() : "Push" + push.outcome().name(),
            push.message(),
            id));
  }
}
