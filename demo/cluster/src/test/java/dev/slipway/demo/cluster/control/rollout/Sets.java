package dev.slipway.demo.cluster.control.rollout;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.Map;

/** Deployments and ReplicaSets as tests write them down. */
final class Sets {
  private Sets() {}

  static PodTemplateSpec template(String image) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .addToLabels("app", "web")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("web")
        .withImage(image)
        .endContainer()
        .endSpec()
        .build();
  }

  static Deployment deployment(int replicas, String image, String surge, String unavailable) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("web")
        .withUid("deployment")
        .withGeneration(2L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withProgressDeadlineSeconds(10)
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxSurge(amount(surge))
        .withMaxUnavailable(amount(unavailable))
        .endRollingUpdate()
        .endStrategy()
        .withTemplate(template(image))
        .endSpec()
        .withNewStatus()
        .endStatus()
        .build();
  }

  private static IntOrString amount(String text) {
    return text.endsWith("%") ? new IntOrString(text) : new IntOrString(Integer.valueOf(text));
  }

  static ReplicaSet set(String image, int created, int wanted, int actual, int available) {
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withName("web-" + image)
        .withUid(image)
        .withGeneration(1L)
        .withCreationTimestamp("2026-01-01T00:00:%02dZ".formatted(created))
        .endMetadata()
        .withNewSpec()
        .withReplicas(wanted)
        .withTemplate(template(image))
        .endSpec()
        .withNewStatus()
        .withObservedGeneration(1L)
        .withReplicas(actual)
        .withReadyReplicas(available)
        .withAvailableReplicas(available)
        .endStatus()
        .build();
  }

  static ReplicaSet annotated(ReplicaSet set, Map<String, String> annotations) {
    return new ReplicaSetBuilder(set)
        .editMetadata()
        .withAnnotations(annotations)
        .endMetadata()
        .build();
  }
}
