package dev.slipway.demo.cluster.control.schedule;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.Key;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Whether the claims of a pod let it go to a node. */
sealed interface PodVolumes {
  /** All are bound. */
  record Ready() implements PodVolumes {}

  /** These get their volume once they know the node. */
  record Waiting(List<PersistentVolumeClaim> claims) implements PodVolumes {}

  /** A claim stands in the way, in kube-scheduler's words. */
  record Missing(String problem) implements PodVolumes {}

  static PodVolumes of(Pod pod, ClusterView view) {
    var waiting = new ArrayList<PersistentVolumeClaim>();
    var names =
        pod.getSpec().getVolumes().stream()
            .map(Volume::getPersistentVolumeClaim)
            .filter(Objects::nonNull)
            .map(source -> source.getClaimName())
            .toList();
    for (var name : names) {
      var claim =
          view.of(PersistentVolumeClaim.class).get(new Key(pod.getMetadata().getNamespace(), name));
      if (claim.isEmpty()) {
        return new Missing("persistentvolumeclaim \"" + name + "\" not found. not found");
      }
      if (claim.get().getMetadata().getDeletionTimestamp() != null) {
        return new Missing("persistentvolumeclaim \"" + name + "\" is being deleted. not found");
      }
      if (!isBound(claim.get())) {
        if (!waitsForConsumer(claim.get(), view)) {
          return new Missing("pod has unbound immediate PersistentVolumeClaims. not found");
        }
        waiting.add(claim.get());
      }
    }
    return waiting.isEmpty() ? new Ready() : new Waiting(List.copyOf(waiting));
  }

  private static boolean isBound(PersistentVolumeClaim claim) {
    return claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase());
  }

  private static boolean waitsForConsumer(PersistentVolumeClaim claim, ClusterView view) {
    var name = claim.getSpec().getStorageClassName();
    return name != null
        && view.of(StorageClass.class)
            .get(new Key("", name))
            .filter(found -> "WaitForFirstConsumer".equals(found.getVolumeBindingMode()))
            .isPresent();
  }
}
