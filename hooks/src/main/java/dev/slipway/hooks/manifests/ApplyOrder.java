package dev.slipway.hooks.manifests;

import java.util.Comparator;
import java.util.List;

/** What has to be there before what: as Helm installs, what is not named here last. */
final class ApplyOrder {
  private static final List<String> KINDS =
      List.of(
          "ResourceQuota",
          "LimitRange",
          "NetworkPolicy",
          "PodDisruptionBudget",
          "ServiceAccount",
          "Secret",
          "ConfigMap",
          "PersistentVolumeClaim",
          "Role",
          "RoleBinding",
          "Service",
          "DaemonSet",
          "Pod",
          "ReplicationController",
          "ReplicaSet",
          "Deployment",
          "HorizontalPodAutoscaler",
          "StatefulSet",
          "Job",
          "CronJob",
          "Ingress");

  /** Of the same rank, as they were read. */
  static final Comparator<Manifest> ORDER =
      Comparator.comparingInt(manifest -> rank(manifest.kind()));

  private ApplyOrder() {}

  private static int rank(String kind) {
    int rank = KINDS.indexOf(kind);
    return rank < 0 ? KINDS.size() : rank;
  }
}
