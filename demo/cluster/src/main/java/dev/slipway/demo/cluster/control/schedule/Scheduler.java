package dev.slipway.demo.cluster.control.schedule;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.PodFacts;
import dev.slipway.demo.cluster.control.loop.WorkQueue;
import dev.slipway.demo.cluster.control.quota.PodUsage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Gives every pod a node, or says in its status and an event why there is none. */
public final class Scheduler implements AutoCloseable {
  private static final String NAME = "default-scheduler";

  /** The node that a claim's volume is wanted on; read by the provisioner. */
  public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  private record Assumed(String node, Map<String, BigDecimal> usage) {}

  private final KubernetesClient client;
  private final ClusterView view;
  private final EventLog events;
  private final InstantSource clock;

  /** Bindings that the watch has not shown yet, by uid of the pod. */
  private final Map<String, Assumed> assumed = new ConcurrentHashMap<>();

  /** One pod at a time, so that two never take the same room. */
  private final WorkQueue queue = new WorkQueue("scheduler", 1, this::look);

  /** Listens to the view; works as soon as the view has started. */
  public Scheduler(
      KubernetesClient client, ClusterView view, EventLog events, InstantSource clock) {
    this.client = client;
    this.view = view;
    this.events = events;
    this.clock = clock;
    view.of(Pod.class).listen(this::podChanged);
    view.of(Node.class).listen(this::nodeChanged);
    view.of(PersistentVolumeClaim.class)
        .listen((_, _) -> requestWaiting(pod -> !pod.getSpec().getVolumes().isEmpty()));
  }

  private void podChanged(@Nullable Pod before, @Nullable Pod after) {
    if (after != null && isWaiting(after)) {
      queue.request(Key.of(after));
      return;
    }
    var pod = after == null ? before : after;
    if (pod == null) {
      return;
    }
    assumed.remove(pod.getMetadata().getUid());
    boolean gaveRoom =
        after == null
            || (PodFacts.isFinished(after) && before != null && !PodFacts.isFinished(before));
    if (gaveRoom) {
      requestWaiting(_ -> true);
    }
  }

  private void nodeChanged(@Nullable Node before, @Nullable Node after) {
    if (after == null
        || (before != null
            && Objects.equals(before.getSpec(), after.getSpec())
            && Objects.equals(before.getMetadata().getLabels(), after.getMetadata().getLabels())
            && Objects.equals(allocatable(before), allocatable(after)))) {
      return;
    }
    requestWaiting(_ -> true);
  }

  private static @Nullable Object allocatable(Node node) {
    return node.getStatus() == null ? null : node.getStatus().getAllocatable();
  }

  private void requestWaiting(Predicate<Pod> which) {
    view.of(Pod.class).all().stream()
        .filter(Scheduler::isWaiting)
        .filter(which)
        .forEach(pod -> queue.request(Key.of(pod)));
  }

  private static boolean isWaiting(Pod pod) {
    var node = pod.getSpec().getNodeName();
    var scheduler = pod.getSpec().getSchedulerName();
    return (node == null || node.isEmpty())
        && PodFacts.isActive(pod)
        && (scheduler == null || scheduler.equals(NAME));
  }

  private Optional<Duration> look(Key key) {
    view.of(Pod.class)
        .get(key)
        .filter(Scheduler::isWaiting)
        .filter(pod -> !assumed.containsKey(pod.getMetadata().getUid()))
        .ifPresent(this::schedule);
    return Optional.empty();
  }

  private void schedule(Pod pod) {
    var nodes = view.of(Node.class).all();
    var volumes = PodVolumes.of(pod, view);
    if (volumes instanceof PodVolumes.Missing(var problem)) {
      refuse(pod, Placement.missingVolume(nodes.size(), problem));
      return;
    }
    switch (Placement.decide(pod, nodes, used())) {
      case Placement.Nowhere nowhere -> refuse(pod, nowhere);
      case Placement.On(var node) -> {
        if (volumes instanceof PodVolumes.Waiting(var claims)) {
          claims.forEach(claim -> select(claim, node));
        } else {
          bind(pod, node);
        }
      }
    }
  }

  private Map<String, Map<String, BigDecimal>> used() {
    var used = new HashMap<String, Map<String, BigDecimal>>();
    for (var pod : view.of(Pod.class).all()) {
      var node = pod.getSpec().getNodeName();
      if (node != null && !PodFacts.isFinished(pod)) {
        used.merge(node, PodUsage.of(pod), PodUsage::sum);
      }
    }
    assumed.values().forEach(one -> used.merge(one.node(), one.usage(), PodUsage::sum));
    return used;
  }

  /** The claim's volume is made on this node; when it is bound, the pod is looked at again. */
  private void select(PersistentVolumeClaim claim, String node) {
    var annotations = claim.getMetadata().getAnnotations();
    if (annotations == null || !node.equals(annotations.get(SELECTED_NODE))) {
      client
          .resource(claim)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              Serialization.asJson(
                  Map.of("metadata", Map.of("annotations", Map.of(SELECTED_NODE, node)))));
    }
  }

  private void bind(Pod pod, String node) {
    var metadata = pod.getMetadata();
    var binding =
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Binding",
            "metadata",
            Map.of("name", metadata.getName(), "uid", metadata.getUid()),
            "target",
            Map.of("apiVersion", "v1", "kind", "Node", "name", node));
    assumed.put(metadata.getUid(), new Assumed(node, PodUsage.of(pod)));
    boolean bound = false;
    try {
      client.raw(
          "/api/v1/namespaces/%s/pods/%s/binding"
              .formatted(metadata.getNamespace(), metadata.getName()),
          "POST",
          binding);
      bound = true;
    } catch (KubernetesClientException e) {
      // When only the answer got lost, the client has asked again and was told of a conflict.
      bound = isBound(pod, node);
      if (!bound) {
        throw e;
      }
    } finally {
      if (!bound) {
        assumed.remove(metadata.getUid());
      }
    }
    events.once(
        pod,
        NAME,
        "Normal",
        "Scheduled",
        "Binding",
        "Successfully assigned %s/%s to %s"
            .formatted(metadata.getNamespace(), metadata.getName(), node));
  }

  private boolean isBound(Pod pod, String node) {
    var present = client.resource(pod).get();
    return present != null
        && present.getMetadata().getUid().equals(pod.getMetadata().getUid())
        && node.equals(present.getSpec().getNodeName());
  }

  private void refuse(Pod pod, Placement.Nowhere nowhere) {
    var told = PodFacts.condition(pod, "PodScheduled");
    if (told.filter(condition -> nowhere.message().equals(condition.getMessage())).isPresent()) {
      return;
    }
    var condition =
        new PodConditionBuilder()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .withMessage(nowhere.message())
            .withObservedGeneration(pod.getMetadata().getGeneration())
            .withLastTransitionTime(
                told.map(before -> before.getLastTransitionTime())
                    .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString()))
            .build();
    client
        .resource(pod)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            Serialization.asJson(Map.of("status", Map.of("conditions", List.of(condition)))));
    events.once(pod, NAME, "Warning", "FailedScheduling", "Scheduling", nowhere.message());
  }

  @Override
  public void close() {
    queue.close();
  }
}
