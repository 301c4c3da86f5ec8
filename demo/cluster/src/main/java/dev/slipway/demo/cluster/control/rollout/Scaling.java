package dev.slipway.demo.cluster.control.rollout;

import static dev.slipway.demo.cluster.control.rollout.Counts.actual;
import static dev.slipway.demo.cluster.control.rollout.Counts.available;
import static dev.slipway.demo.cluster.control.rollout.Counts.sum;
import static dev.slipway.demo.cluster.control.rollout.Counts.wanted;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Decides the next step of a rollout: which ReplicaSets get more pods and which fewer, so that a
 * RollingUpdate keeps within its leeway and a Recreate never runs two templates at once.
 *
 * <p>Follows kube-controller-manager's {@code rolling.go}, {@code recreate.go} and {@code sync.go}.
 */
final class Scaling {
  /** One ReplicaSet's new number of pods. */
  record Step(ReplicaSet set, int from, int to) {}

  private Scaling() {}

  /** How many pods the current ReplicaSet may have right now, before it exists as well. */
  static int currentSize(Family family) {
    int now = family.current().map(Counts::wanted).orElse(0);
    if (Leeway.isRecreate(family.deployment())) {
      return family.desired();
    }
    int room = family.desired() + family.leeway().surge() - sum(family.all(), Counts::wanted);
    return room <= 0 ? now : now + Math.min(room, family.desired() - now);
  }

  /**
   * The next step of a rolling update; first upwards, then downwards, empty when it has to wait.
   */
  static List<Step> rolling(Family family) {
    var current = family.current().orElseThrow();
    if (wanted(current) != family.desired()) {
      int size = wanted(current) > family.desired() ? family.desired() : currentSize(family);
      if (size != wanted(current)) {
        return List.of(new Step(current, wanted(current), size));
      }
    }
    return shrinkFormer(family, current);
  }

  private static List<Step> shrinkFormer(Family family, ReplicaSet current) {
    int minimum = family.desired() - family.leeway().unavailable();
    int spare =
        sum(family.all(), Counts::wanted) - minimum - (wanted(current) - available(current));
    if (sum(family.former(), Counts::wanted) == 0 || spare <= 0) {
      return List.of();
    }
    var steps = new ArrayList<Step>();
    var left = new ArrayList<ReplicaSet>();
    for (var set : family.former()) {
      int unhealthy = Math.min(spare, wanted(set) - available(set));
      left.add(unhealthy > 0 ? shrink(set, unhealthy, steps) : set);
      spare -= Math.max(0, unhealthy);
    }
    int dispensable = sum(left, Counts::available) + available(current) - minimum;
    for (var set : left) {
      int fewer = Math.min(dispensable, wanted(set));
      if (fewer > 0) {
        shrink(set, fewer, steps);
        dispensable -= fewer;
      }
    }
    return steps;
  }

  private static ReplicaSet shrink(ReplicaSet set, int by, List<Step> steps) {
    steps.add(new Step(set, wanted(set), wanted(set) - by));
    return new ReplicaSetBuilder(set).editSpec().withReplicas(wanted(set) - by).endSpec().build();
  }

  /** The former ReplicaSets to nothing: the first step of a Recreate. */
  static List<Step> clearFormer(Family family) {
    return family.former().stream()
        .filter(set -> wanted(set) > 0)
        .map(set -> new Step(set, wanted(set), 0))
        .toList();
  }

  /** Whether a pod of a former template still runs, terminating ones included. */
  static boolean formerPodsRun(Family family, Collection<Pod> podsOfFormer) {
    return sum(family.former(), Counts::actual) > 0
        || podsOfFormer.stream().anyMatch(pod -> !PodFacts.isFinished(pod));
  }

  /**
   * After a change of the Deployment's size, also in the middle of a rollout or while it is paused:
   * every ReplicaSet keeps its share.
   */
  static List<Step> resize(Family family) {
    var active = family.active();
    if (active.size() <= 1) {
      return onlyOne(family, active).stream()
          .filter(set -> wanted(set) != family.desired())
          .map(set -> new Step(set, wanted(set), family.desired()))
          .toList();
    }
    if (family.current().filter(set -> isSaturated(family, set)).isPresent()) {
      return clearFormer(family);
    }
    return Leeway.isRecreate(family.deployment()) ? List.of() : proportional(family, active);
  }

  private static List<ReplicaSet> onlyOne(Family family, List<ReplicaSet> active) {
    if (!active.isEmpty()) {
      return active;
    }
    return family
        .current()
        .map(List::of)
        .orElseGet(
            () -> family.former().isEmpty() ? List.of() : List.of(family.former().getLast()));
  }

  private static boolean isSaturated(Family family, ReplicaSet set) {
    int desired = family.desired();
    return wanted(set) == desired
        && available(set) == desired
        && Revisions.desiredReplicas(set).filter(n -> n == desired).isPresent();
  }

  private static List<Step> proportional(Family family, List<ReplicaSet> active) {
    int allowed = family.desired() == 0 ? 0 : family.desired() + family.leeway().surge();
    int toAdd = allowed - sum(active, Counts::wanted);
    Comparator<ReplicaSet> largestFirst = Comparator.comparingInt(set -> -wanted(set));
    Comparator<ReplicaSet> byAge = Comparator.comparingInt(active::indexOf);
    var order = largestFirst.thenComparing(toAdd > 0 ? byAge.reversed() : byAge);
    var sets = active.stream().sorted(order).toList();
    int[] sizes = new int[sets.size()];
    int added = 0;
    for (int i = 0; i < sizes.length; i++) {
      int share = share(family, sets.get(i), toAdd, added);
      sizes[i] = wanted(sets.get(i)) + share;
      added += share;
    }
    sizes[0] = Math.max(0, sizes[0] + toAdd - added);
    var steps = new ArrayList<Step>();
    for (int i = 0; i < sizes.length; i++) {
      // Also without a change of size: the set learns the new size of the Deployment.
      steps.add(new Step(sets.get(i), wanted(sets.get(i)), sizes[i]));
    }
    return steps;
  }

  private static int share(Family family, ReplicaSet set, int toAdd, int added) {
    if (toAdd == added) {
      return 0;
    }
    int fraction = -wanted(set);
    if (family.desired() > 0) {
      int before = Revisions.maxReplicas(set).filter(n -> n > 0).orElseGet(() -> actual(set));
      double now = (double) family.desired() + family.leeway().surge();
      fraction = before == 0 ? 0 : (int) Math.round(wanted(set) * now / before) - wanted(set);
    }
    return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
  }
}
