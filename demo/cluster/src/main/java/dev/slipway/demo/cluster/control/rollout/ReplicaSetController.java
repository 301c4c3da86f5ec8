package dev.slipway.demo.cluster.control.rollout;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.control.loop.Expectations;
import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.PodControl;
import dev.slipway.demo.cluster.control.loop.PodFacts;
import dev.slipway.demo.cluster.control.loop.WorkQueue;
import dev.slipway.demo.cluster.control.rollout.ReplicaSetStatuses.Failure;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps as many pods of each ReplicaSet as it wants, and counts them. */
public final class ReplicaSetController implements AutoCloseable {
  private static final int PARALLEL = 5;

  private final KubernetesClient client;
  private final ClusterView view;
  private final InstantSource clock;
  private final Expectations expectations;
  private final PodControl pods;
  private final WorkQueue queue = new WorkQueue("replicasets", PARALLEL, this::look);

  /** Listens to the view; works as soon as the view has started. */
  public ReplicaSetController(
      KubernetesClient client, ClusterView view, EventLog events, InstantSource clock) {
    this.client = client;
    this.view = view;
    this.clock = clock;
    this.expectations = new Expectations(clock);
    this.pods = new PodControl(client, events.as("replicaset-controller"), expectations);
    view.of(ReplicaSet.class).listen(this::setChanged);
    view.of(Pod.class)
        .listen((before, after) -> pods.see("ReplicaSet", before, after).ifPresent(queue::request));
  }

  private void setChanged(@Nullable ReplicaSet before, @Nullable ReplicaSet after) {
    if (after != null) {
      queue.request(Key.of(after));
    } else if (before != null) {
      expectations.forget(Key.of(before));
    }
  }

  private Optional<Duration> look(Key key) {
    // Asked before the pods are read: what is shown meanwhile must not count as known.
    boolean isCurrent = expectations.fulfilled(key);
    var found = view.of(ReplicaSet.class).get(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var set = found.get();
    var active =
        view.of(Pod.class).controlledBy(set.getMetadata().getUid()).stream()
            .filter(PodFacts::isActive)
            .toList();
    boolean mayAct = isCurrent && set.getMetadata().getDeletionTimestamp() == null;
    var refused = mayAct ? act(set, active) : Optional.<KubernetesClientException>empty();
    var failure = refused.map(e -> failure(set, active, e));
    if (!mayAct) {
      failure = toldBefore(set);
    }
    writeStatus(set, active, failure);
    if (refused.isPresent()) {
      throw refused.get(); // comes back later and later
    }
    return mayAct
        ? ReplicaSetStatuses.untilAvailable(set, active, clock.instant())
        : Optional.of(Expectations.PATIENCE).filter(_ -> !isCurrent);
  }

  private Optional<KubernetesClientException> act(ReplicaSet set, List<Pod> active) {
    int missing = Counts.wanted(set) - active.size();
    if (missing >= 0) {
      return pods.create(set, set.getSpec().getTemplate(), Set.of(), missing);
    }
    return pods.delete(set, PodSelection.leastMissed(active, -missing));
  }

  private static Failure failure(ReplicaSet set, List<Pod> active, KubernetesClientException e) {
    var reason = Counts.wanted(set) > active.size() ? "FailedCreate" : "FailedDelete";
    return new Failure(reason, PodControl.sentence(e));
  }

  private static Optional<Failure> toldBefore(ReplicaSet set) {
    return set.getStatus() == null
        ? Optional.empty()
        : set.getStatus().getConditions().stream()
            .findFirst()
            .map(condition -> new Failure(condition.getReason(), condition.getMessage()));
  }

  private void writeStatus(ReplicaSet set, List<Pod> active, Optional<Failure> failure) {
    var status = ReplicaSetStatuses.of(set, active, failure, clock.instant());
    if (!status.equals(set.getStatus())) {
      client.resource(new ReplicaSetBuilder(set).withStatus(status).build()).updateStatus();
    }
  }

  @Override
  public void close() {
    queue.close();
  }
}
