package dev.slipway.demo.cluster.control.rollout;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.Ownership;
import dev.slipway.demo.cluster.control.loop.WorkQueue;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Moves each Deployment one step closer to its template and size, and says how it stands. */
public final class DeploymentController implements AutoCloseable {
  private static final int PARALLEL = 5;

  private final ClusterView view;
  private final InstantSource clock;
  private final DeploymentWriter writer;
  private final WorkQueue queue = new WorkQueue("deployments", PARALLEL, this::look);

  /** Listens to the view; works as soon as the view has started. */
  public DeploymentController(
      KubernetesClient client, ClusterView view, EventLog events, InstantSource clock) {
    this.view = view;
    this.clock = clock;
    this.writer = new DeploymentWriter(client, events.as("deployment-controller"));
    view.of(Deployment.class).follow(deployment -> queue.request(Key.of(deployment)));
    view.of(ReplicaSet.class)
        .follow(set -> Ownership.controllerOf(set, "Deployment").ifPresent(queue::request));
    view.of(Pod.class).listen((before, after) -> podChanged(before, after));
  }

  /** Only a Recreate waits for pods to be gone; all else shows in the ReplicaSets' counters. */
  private void podChanged(@Nullable Pod before, @Nullable Pod after) {
    if (after == null && before != null) {
      Ownership.controllerOf(before, "ReplicaSet")
          .flatMap(view.of(ReplicaSet.class)::get)
          .flatMap(set -> Ownership.controllerOf(set, "Deployment"))
          .filter(key -> view.of(Deployment.class).get(key).filter(Leeway::isRecreate).isPresent())
          .ifPresent(queue::request);
    }
  }

  private Optional<Duration> look(Key key) {
    var deployment = view.of(Deployment.class).get(key);
    return deployment.isEmpty() ? Optional.empty() : reconcile(deployment.get());
  }

  private Optional<Duration> reconcile(Deployment deployment) {
    var now = clock.instant();
    var family =
        Family.of(
            deployment, view.of(ReplicaSet.class).controlledBy(deployment.getMetadata().getUid()));
    if (deployment.getMetadata().getDeletionTimestamp() != null) {
      return conclude(family, RolloutStatus.counted(family, now), now);
    }
    family = notePause(family, now);
    if (Boolean.TRUE.equals(deployment.getSpec().getPaused()) || family.isBeingScaled()) {
      return resize(family, now);
    }
    return Leeway.isRecreate(deployment) ? recreate(family, now) : roll(family, now);
  }

  private Family notePause(Family family, Instant now) {
    var said = RolloutStatus.pause(family.deployment(), now);
    return said.isEmpty()
        ? family
        : family.with(writer.say(family.deployment(), said.orElseThrow()));
  }

  private Optional<Duration> resize(Family before, Instant now) {
    var family = before;
    if (family.current().isPresent()) {
      family = writer.renumber(family);
    }
    family = writer.apply(family, Scaling.resize(family));
    if (Boolean.TRUE.equals(family.deployment().getSpec().getPaused())) {
      writer.delete(Revisions.beyondLimit(family));
    }
    return conclude(family, RolloutStatus.counted(family, now), now);
  }

  private Optional<Duration> roll(Family before, Instant now) {
    var family = writer.ensureCurrent(before, now);
    return step(family, Scaling.rolling(family), now);
  }

  private Optional<Duration> recreate(Family before, Instant now) {
    var clearing = Scaling.clearFormer(before);
    if (!clearing.isEmpty()) {
      return step(before.current().isPresent() ? writer.renumber(before) : before, clearing, now);
    }
    if (Scaling.formerPodsRun(before, podsOf(before.former()))) {
      return conclude(before, RolloutStatus.progressed(before, now), now);
    }
    var family = writer.ensureCurrent(before, now);
    var current = family.current().orElseThrow();
    int wanted = Counts.wanted(current);
    var steps =
        wanted == family.desired()
            ? List.<Scaling.Step>of()
            : List.of(new Scaling.Step(current, wanted, family.desired()));
    return step(family, steps, now);
  }

  private List<Pod> podsOf(List<ReplicaSet> sets) {
    return sets.stream()
        .flatMap(set -> view.of(Pod.class).controlledBy(set.getMetadata().getUid()).stream())
        .toList();
  }

  private Optional<Duration> step(Family before, List<Scaling.Step> steps, Instant now) {
    var family = writer.apply(before, steps);
    var status = RolloutStatus.progressed(family, now);
    if (steps.isEmpty() && RolloutStatus.isComplete(family, status)) {
      writer.delete(Revisions.beyondLimit(family));
    }
    return conclude(family, status, now);
  }

  private Optional<Duration> conclude(Family family, DeploymentStatus status, Instant now) {
    if (!status.equals(RolloutStatus.of(family.deployment()))) {
      writer.updateStatus(family.deployment(), status);
    }
    return RolloutStatus.untilDeadline(family, status, now);
  }

  @Override
  public void close() {
    queue.close();
  }
}
