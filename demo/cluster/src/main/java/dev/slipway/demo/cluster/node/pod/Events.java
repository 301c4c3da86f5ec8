package dev.slipway.demo.cluster.node.pod;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what happens to pods, in order; the same again only raises a count. */
public final class Events implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Events.class);
  private static final int REMEMBERED = 4096;

  private record Key(String podUid, String field, String type, String reason, String message) {}

  private record Told(String name, Instant first, int count) {}

  private final KubernetesClient client;
  private final String node;
  private final Clock clock;
  private final ExecutorService teller =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("events").factory());
  private final Map<Key, Told> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Told> eldest) {
          return size() > REMEMBERED;
        }
      };

  public Events(KubernetesClient client, String node, Clock clock) {
    this.client = client;
    this.node = node;
    this.clock = clock;
  }

  /**
   * Returns at once.
   *
   * @param field such as {@code spec.containers{web}}; {@code ""} for the pod itself
   * @param type {@code Normal} or {@code Warning}
   */
  void tell(Pod pod, String field, String type, String reason, String message) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    teller.execute(
        () -> {
          try {
            write(pod, new Key(pod.getMetadata().getUid(), field, type, reason, message), now);
          } catch (KubernetesClientException e) {
            // The namespace may be going away: its events with it.
            log.debug("Cannot tell of {} {}", reason, message, e);
          }
        });
  }

  private void write(Pod pod, Key key, Instant now) {
    var before = told.get(key);
    var namespace = pod.getMetadata().getNamespace();
    if (before == null) {
      var name = pod.getMetadata().getName() + "." + Long.toHexString(System.nanoTime());
      var event =
          new EventBuilder()
              .withNewMetadata()
              .withNamespace(namespace)
              .withName(name)
              .endMetadata()
              .withNewInvolvedObject()
              .withApiVersion("v1")
              .withKind("Pod")
              .withNamespace(namespace)
              .withName(pod.getMetadata().getName())
              .withUid(key.podUid())
              .withResourceVersion(pod.getMetadata().getResourceVersion())
              .withFieldPath(key.field().isEmpty() ? null : key.field())
              .endInvolvedObject()
              .withType(key.type())
              .withReason(key.reason())
              .withMessage(key.message())
              .withCount(1)
              .withFirstTimestamp(now.toString())
              .withLastTimestamp(now.toString())
              .withNewSource()
              .withComponent("kubelet")
              .withHost(node)
              .endSource()
              .withReportingComponent("kubelet")
              .withReportingInstance(node)
              .build();
      client.v1().events().inNamespace(namespace).resource(event).create();
      told.put(key, new Told(name, now, 1));
    } else {
      int count = before.count() + 1;
      var patch = "{\"count\":%d,\"lastTimestamp\":\"%s\"}".formatted(count, now);
      client
          .v1()
          .events()
          .inNamespace(namespace)
          .withName(before.name())
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      told.put(key, new Told(before.name(), before.first(), count));
    }
  }

  @Override
  public void close() {
    teller.shutdown();
  }
}
