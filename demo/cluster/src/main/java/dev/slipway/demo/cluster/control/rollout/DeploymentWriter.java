package dev.slipway.demo.cluster.control.rollout;

import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.control.loop.Ownership;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what was decided for a Deployment. Every write names the version it was decided on,
 * so that a stale picture ends in a conflict and a new look, never in a wrong step.
 */
record DeploymentWriter(KubernetesClient client, EventLog.Voice events) {
  /** Creates the ReplicaSet of the present template, or gives the existing one its number. */
  Family ensureCurrent(Family family, Instant now) {
    return family.current().isPresent() ? renumber(family) : createCurrent(family, now);
  }

  /** Makes the existing current ReplicaSet the latest revision, and the Deployment as well. */
  Family renumber(Family family) {
    var current = family.current().orElseThrow();
    var annotations = Revisions.ofExisting(family, current, Revisions.next(family));
    var minReady = family.deployment().getSpec().getMinReadySeconds();
    var result = family;
    if (!annotations.equals(current.getMetadata().getAnnotations())
        || !Objects.equals(minReady, current.getSpec().getMinReadySeconds())) {
      current =
          update(
              new ReplicaSetBuilder(current)
                  .editMetadata()
                  .withAnnotations(annotations)
                  .endMetadata()
                  .editSpec()
                  .withMinReadySeconds(minReady)
                  .endSpec()
                  .build());
      result = family.with(current);
    }
    long revision = Revisions.of(current);
    return Revisions.of(family.deployment()) == revision
        ? result
        : result.with(updateStatus(numbered(result.deployment(), revision), null));
  }

  private Family createCurrent(Family family, Instant now) {
    var deployment = family.deployment();
    var wanted = newSet(family);
    ReplicaSet created;
    try {
      created = client.resource(wanted).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return family.withCurrent(existing(deployment, wanted));
    }
    int replicas = Counts.wanted(created);
    if (replicas > 0) {
      events.normal(deployment, "ScalingReplicaSet", scaled(created, 0, replicas));
    }
    var numbered = numbered(deployment, Revisions.of(created));
    var status = RolloutStatus.of(numbered);
    if (RolloutStatus.hasDeadline(deployment)) {
      status = with(status, created(created, now));
    }
    return family.withCurrent(created).with(updateStatus(numbered, status));
  }

  private static DeploymentCondition created(ReplicaSet set, Instant now) {
    return RolloutStatus.condition(
        RolloutStatus.PROGRESSING,
        "True",
        "NewReplicaSetCreated",
        "Created new replica set \"" + set.getMetadata().getName() + "\"",
        now);
  }

  /**
   * Our own, created a moment ago; or another template's with the same hash: then the next name.
   */
  private ReplicaSet existing(Deployment deployment, ReplicaSet wanted) {
    var found = client.resource(wanted).get();
    if (found == null) {
      throw new IllegalStateException(wanted.getMetadata().getName() + " came and went");
    }
    boolean ours =
        Ownership.controllerOf(found)
            .filter(owner -> owner.getUid().equals(deployment.getMetadata().getUid()))
            .isPresent();
    if (ours && TemplateHash.same(found.getSpec().getTemplate(), wanted.getSpec().getTemplate())) {
      return found;
    }
    var status =
        new DeploymentStatusBuilder(RolloutStatus.of(deployment))
            .withCollisionCount(Counts.orZero(RolloutStatus.of(deployment).getCollisionCount()) + 1)
            .build();
    updateStatus(deployment, status);
    throw new IllegalStateException(
        "The name " + wanted.getMetadata().getName() + " is taken; another is tried");
  }

  private static ReplicaSet newSet(Family family) {
    var deployment = family.deployment();
    var spec = deployment.getSpec();
    var hash =
        TemplateHash.of(spec.getTemplate(), RolloutStatus.of(deployment).getCollisionCount());
    var mark = Map.of(TemplateHash.LABEL, hash);
    var template =
        new PodTemplateSpecBuilder(spec.getTemplate())
            .editOrNewMetadata()
            .addToLabels(mark)
            .endMetadata()
            .build();
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withNamespace(deployment.getMetadata().getNamespace())
        .withName(deployment.getMetadata().getName() + "-" + hash)
        .withLabels(template.getMetadata().getLabels())
        .withAnnotations(Revisions.ofNew(family, Revisions.next(family)))
        .withOwnerReferences(Ownership.controlledBy(deployment))
        .endMetadata()
        .withNewSpec()
        .withReplicas(Scaling.currentSize(family))
        .withMinReadySeconds(spec.getMinReadySeconds())
        .withNewSelectorLike(spec.getSelector())
        .addToMatchLabels(mark)
        .endSelector()
        .withTemplate(template)
        .endSpec()
        .build();
  }

  /** Carries out the steps in order. */
  Family apply(Family before, List<Scaling.Step> steps) {
    var family = before;
    for (var step : steps) {
      family = apply(family, step);
    }
    return family;
  }

  private Family apply(Family family, Scaling.Step step) {
    var uid = step.set().getMetadata().getUid();
    var set =
        family.all().stream()
            .filter(candidate -> candidate.getMetadata().getUid().equals(uid))
            .findFirst()
            .orElseThrow();
    var annotations = new HashMap<String, String>();
    if (set.getMetadata().getAnnotations() != null) {
      annotations.putAll(set.getMetadata().getAnnotations());
    }
    annotations.putAll(Revisions.size(family));
    if (step.to() == Counts.wanted(set) && annotations.equals(set.getMetadata().getAnnotations())) {
      return family;
    }
    var written =
        update(
            new ReplicaSetBuilder(set)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .editSpec()
                .withReplicas(step.to())
                .endSpec()
                .build());
    if (step.from() != step.to()) {
      events.normal(
          family.deployment(), "ScalingReplicaSet", scaled(written, step.from(), step.to()));
    }
    return family.with(written);
  }

  private static String scaled(ReplicaSet set, int from, int to) {
    return "Scaled %s replica set %s from %d to %d"
        .formatted(to > from ? "up" : "down", set.getMetadata().getName(), from, to);
  }

  /** Forgets revisions. */
  void delete(List<ReplicaSet> sets) {
    sets.forEach(set -> client.resource(set).delete());
  }

  /** Adds a condition at once. */
  Deployment say(Deployment deployment, DeploymentCondition condition) {
    return updateStatus(deployment, with(RolloutStatus.of(deployment), condition));
  }

  /** Writes the status, or only the annotations when {@code status} is null. */
  Deployment updateStatus(Deployment deployment, @Nullable DeploymentStatus status) {
    var written =
        status == null ? deployment : new DeploymentBuilder(deployment).withStatus(status).build();
    return client.resource(written).updateStatus();
  }

  private ReplicaSet update(ReplicaSet set) {
    return client.resource(set).update();
  }

  private static Deployment numbered(Deployment deployment, long revision) {
    return new DeploymentBuilder(deployment)
        .editMetadata()
        .addToAnnotations(Revisions.REVISION, Long.toString(revision))
        .endMetadata()
        .build();
  }

  private static DeploymentStatus with(DeploymentStatus status, DeploymentCondition condition) {
    return new DeploymentStatusBuilder(status)
        .withConditions(RolloutStatus.with(status.getConditions(), condition))
        .build();
  }
}
