package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.Counts.wanted;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A Deployment and its ReplicaSets.
 *
 * @param current the one of the Deployment's present template, if there is one yet
 * @param former those of other templates, oldest first
 */
record Family(Deployment deployment, Optional<ReplicaSet> current, List<ReplicaSet> former) {
  private static final Comparator<ReplicaSet> OLDEST_FIRST =
      Comparator.<ReplicaSet, Instant>comparing(
              set -> PodFacts.time(set.getMetadata().getCreationTimestamp()))
          .thenComparing(set -> set.getMetadata().getName());

  Family {
    former = former.stream().sorted(OLDEST_FIRST).toList();
  }

  /** Sorts the ReplicaSets that a Deployment controls. */
  static Family of(Deployment deployment, Collection<ReplicaSet> controlled) {
    var template = deployment.getSpec().getTemplate();
    var sets = controlled.stream().sorted(OLDEST_FIRST).toList();
    var current =
        sets.stream()
            .filter(set -> TemplateHash.same(set.getSpec().getTemplate(), template))
            .findFirst();
    var former = new ArrayList<>(sets);
    current.ifPresent(former::remove);
    return new Family(deployment, current, former);
  }

  /** How many pods the Deployment shall have. */
  int desired() {
    var replicas = deployment.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }

  /** How far a rolling update may go beyond or below {@link #desired}. */
  Leeway leeway() {
    return Leeway.of(deployment);
  }

  List<ReplicaSet> all() {
    var all = new ArrayList<>(former);
    current.ifPresent(all::add);
    return all;
  }

  /** Those that shall have pods. */
  List<ReplicaSet> active() {
    return all().stream().filter(set -> wanted(set) > 0).toList();
  }

  /** The same family after a ReplicaSet was written. */
  Family with(ReplicaSet written) {
    var uid = written.getMetadata().getUid();
    if (current.isPresent() && current.get().getMetadata().getUid().equals(uid)) {
      return new Family(deployment, Optional.of(written), former);
    }
    return new Family(
        deployment,
        current,
        former.stream()
            .map(set -> set.getMetadata().getUid().equals(uid) ? written : set)
            .toList());
  }

  Family withCurrent(ReplicaSet created) {
    return new Family(deployment, Optional.of(created), former);
  }

  /** The same family after the Deployment was written. */
  Family with(Deployment written) {
    return new Family(written, current, former);
  }

  /** Whether the Deployment's number of replicas changed since the ReplicaSets were told. */
  boolean isBeingScaled() {
    return active().stream()
        .anyMatch(set -> Revisions.desiredReplicas(set).filter(n -> n != desired()).isPresent());
  }
}
