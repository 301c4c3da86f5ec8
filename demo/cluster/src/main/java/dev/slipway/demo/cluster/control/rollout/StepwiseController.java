package dev.slipway.demo.cluster.control.rollout;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.control.loop.Expectations;
import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.PodControl;
import dev.slipway.demo.cluster.control.loop.Watched;
import dev.slipway.demo.cluster.control.loop.WorkQueue;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Takes the next step of each object of one kind whose pods it owns without a ReplicaSet between.
 *
 * @param <T> StatefulSet or DaemonSet
 */
public final class StepwiseController<T extends HasMetadata> implements AutoCloseable {
  private static final int PARALLEL = 2;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /**
   * What comes next.
   *
   * @param create pods with their names, up to the first that is refused
   * @param delete pods
   * @param told the object with its status
   * @param timed whether a pod is ready that only time makes available
   */
  record Step<T>(List<Pod> create, List<Pod> delete, T told, boolean timed) {}

  /** Decides what comes next for one object and its pods. */
  @FunctionalInterface
  interface Decision<T> {
    Step<T> next(T set, List<Pod> pods, List<Node> nodes, Instant now);
  }

  private final KubernetesClient client;
  private final ClusterView view;
  private final Watched<T> sets;
  private final Decision<T> decision;
  private final InstantSource clock;
  private final Expectations expectations;
  private final PodControl pods;
  private final WorkQueue queue;

  /** Listens to the view; works as soon as the view has started. */
  private StepwiseController(
      String kind,
      Watched<T> sets,
      Decision<T> decision,
      KubernetesClient client,
      ClusterView view,
      EventLog events,
      InstantSource clock) {
    this.client = client;
    this.view = view;
    this.sets = sets;
    this.decision = decision;
    this.clock = clock;
    this.expectations = new Expectations(clock);
    var name = kind.toLowerCase(Locale.ROOT);
    this.pods = new PodControl(client, events.as(name + "-controller"), expectations);
    this.queue = new WorkQueue(name + "s", PARALLEL, this::look);
    sets.listen((_, after) -> Optional.ofNullable(after).map(Key::of).ifPresent(queue::request));
    view.of(Pod.class)
        .listen((before, after) -> pods.see(kind, before, after).ifPresent(queue::request));
  }

  /** For StatefulSets. */
  public static StepwiseController<StatefulSet> ofStatefulSets(
      KubernetesClient client, ClusterView view, EventLog events, InstantSource clock) {
    return new StepwiseController<>(
        "StatefulSet",
        view.of(StatefulSet.class),
        StatefulSetSteps::next,
        client,
        view,
        events,
        clock);
  }

  /** For DaemonSets, which also follow the nodes. */
  public static StepwiseController<DaemonSet> ofDaemonSets(
      KubernetesClient client, ClusterView view, EventLog events, InstantSource clock) {
    var controller =
        new StepwiseController<>(
            "DaemonSet",
            view.of(DaemonSet.class),
            DaemonSetSteps::next,
            client,
            view,
            events,
            clock);
    view.of(Node.class)
        .listen(
            (before, after) -> {
              if (before == null || after == null) {
                view.of(DaemonSet.class)
                    .all()
                    .forEach(set -> controller.queue.request(Key.of(set)));
              }
            });
    return controller;
  }

  private Optional<Duration> look(Key key) {
    // Asked before the pods are read: what is shown meanwhile must not count as known.
    boolean isCurrent = expectations.fulfilled(key);
    var found = sets.get(key);
    if (found.isEmpty()) {
      expectations.forget(key);
      return Optional.empty();
    }
    var set = found.get();
    var own = view.of(Pod.class).controlledBy(set.getMetadata().getUid());
    var step = decision.next(set, own, view.of(Node.class).all(), clock.instant());
    if (!step.told().equals(set)) {
      client.resource(step.told()).updateStatus();
    }
    if (!isCurrent || set.getMetadata().getDeletionTimestamp() != null) {
      return Optional.of(Expectations.PATIENCE).filter(_ -> !isCurrent);
    }
    for (var pod : step.create()) {
      var refused = pods.create(set, pod);
      if (refused.isPresent()) {
        throw refused.get(); // comes back later and later
      }
    }
    Optional<KubernetesClientException> kept = pods.delete(set, step.delete());
    if (kept.isPresent()) {
      throw kept.get();
    }
    return Optional.of(LOOK_AGAIN).filter(_ -> step.timed());
  }

  @Override
  public void close() {
    queue.close();
  }
}
