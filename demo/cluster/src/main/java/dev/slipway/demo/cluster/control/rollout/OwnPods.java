package dev.slipway.demo.cluster.control.rollout;

import dev.slipway.demo.cluster.control.loop.Ownership;
import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Pods that carry the revision of the template that they were made from. */
final class OwnPods {
  private static final String REVISION = "controller-revision-hash";

  private OwnPods() {}

  /** A pod of the template, still without a name. */
  static PodBuilder made(HasMetadata owner, PodTemplateSpec template, String revision) {
    return new PodBuilder()
        .withMetadata(template.getMetadata())
        .editOrNewMetadata()
        .withNamespace(owner.getMetadata().getNamespace())
        .addToLabels(REVISION, revision)
        .withOwnerReferences(Ownership.controlledBy(owner))
        .endMetadata()
        .withSpec(template.getSpec());
  }

  static boolean isOf(Pod pod, String revision) {
    return revision.equals(pod.getMetadata().getLabels().get(REVISION));
  }

  static boolean isAvailable(Pod pod, @Nullable Integer minReadySeconds, Instant now) {
    return PodFacts.isActive(pod) && PodFacts.isAvailable(pod, Counts.orZero(minReadySeconds), now);
  }

  static int count(Collection<Pod> pods, Predicate<Pod> which) {
    return (int) pods.stream().filter(which).count();
  }
}
