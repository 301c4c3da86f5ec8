package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.ResourceName;

/**
 * Gives a claim that names no class the one that is marked as the default, and holds claims and
 * volumes until the controller of claims says that nobody uses them.
 */
public record StorageAdmission(Store store) implements Admission {
  private static final ResourceName CLASSES = new ResourceName("storage.k8s.io", "storageclasses");
  private static final String IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

  @Override
  public void admit(Attempt attempt) {
    if (attempt.before().isPresent()) {
      return;
    }
    switch (attempt.type().kind()) {
      case "PersistentVolumeClaim" -> {
        hold(attempt.object(), "kubernetes.io/pvc-protection");
        giveClass(attempt.object());
      }
      case "PersistentVolume" -> hold(attempt.object(), "kubernetes.io/pv-protection");
      default -> {}
    }
  }

  private static void hold(ApiObject object, String finalizer) {
    if (!object.finalizers().contains(finalizer)) {
      object.metadata().withArrayProperty("finalizers").add(finalizer);
    }
  }

  private void giveClass(ApiObject claim) {
    if (claim.at("/spec").has("storageClassName")) {
      return;
    }
    store.list(CLASSES, "").objects().stream()
        .filter(each -> "true".equals(each.annotations().get(IS_DEFAULT)))
        .map(ApiObject::name)
        .findFirst()
        .ifPresent(name -> claim.json().withObjectProperty("spec").put("storageClassName", name));
  }
}
