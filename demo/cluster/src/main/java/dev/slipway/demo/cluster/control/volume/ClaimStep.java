package dev.slipway.demo.cluster.control.volume;

import dev.slipway.demo.cluster.control.schedule.Scheduler;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.List;
import java.util.Optional;

/** What a claim needs next on its way to a volume. */
enum ClaimStep {
  /** Nothing: it is bound, or its storage is somebody else's business. */
  NONE,
  /** Wait until a pod that uses it has a node. */
  WAIT_FOR_POD,
  /** Get its volume. */
  PROVISION,
  /** Name the volume in the claim. */
  NAME_VOLUME,
  /** Say that both are bound. */
  TELL_BOUND,
  /** Go, as no pod uses it any more. */
  RELEASE;

  static final String PROTECTION = "kubernetes.io/pvc-protection";

  /**
   * Decides for one claim.
   *
   * @param classes all storage classes
   * @param volume the one made for this claim, if it exists
   * @param inUse whether a pod that has not ended names the claim
   */
  static ClaimStep of(
      PersistentVolumeClaim claim,
      List<StorageClass> classes,
      Optional<PersistentVolume> volume,
      boolean inUse) {
    if (claim.getMetadata().getDeletionTimestamp() != null) {
      boolean isProtected = claim.getMetadata().getFinalizers().contains(PROTECTION);
      return isProtected && !inUse ? RELEASE : NONE;
    }
    if (isBound(claim)) {
      return NONE;
    }
    var name = claim.getSpec().getStorageClassName();
    var ours =
        classes.stream()
            .filter(candidate -> candidate.getMetadata().getName().equals(name))
            .filter(candidate -> StandardClass.PROVISIONER.equals(candidate.getProvisioner()))
            .findFirst();
    if (ours.isEmpty()) {
      return NONE;
    }
    if (volume.isEmpty()) {
      boolean waits = "WaitForFirstConsumer".equals(ours.get().getVolumeBindingMode());
      return waits && !isSelected(claim) ? WAIT_FOR_POD : PROVISION;
    }
    return claim.getSpec().getVolumeName() == null ? NAME_VOLUME : TELL_BOUND;
  }

  static boolean isBound(PersistentVolumeClaim claim) {
    return claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase());
  }

  private static boolean isSelected(PersistentVolumeClaim claim) {
    var annotations = claim.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(Scheduler.SELECTED_NODE);
  }
}
