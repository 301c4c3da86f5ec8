package dev.slipway.controller.dependent;

import dev.slipway.controller.check.Finding;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;

/** Compares the volume that a Remote asks for with the one that was made for it. */
final class StorageChange {
  private StorageChange() {}

  static List<Finding> findings(PersistentVolumeClaim desired, PersistentVolumeClaim actual) {
    List<Finding> findings = new ArrayList<>();
    Quantity wanted = size(desired);
    Quantity made = size(actual);
    if (wanted.getNumericalAmount().compareTo(made.getNumericalAmount()) != 0) {
      findings.add(fixed("spec.storage.size is " + wanted, made.toString(), actual));
    }
    String wantedClass = desired.getSpec().getStorageClassName();
    if (wantedClass != null && !wantedClass.equals(actual.getSpec().getStorageClassName())) {
      findings.add(
          fixed(
              "spec.storage.storageClassName is " + wantedClass,
              String.valueOf(actual.getSpec().getStorageClassName()),
              actual));
    }
    return findings;
  }

  private static Finding fixed(String wanted, String made, PersistentVolumeClaim actual) {
    return Finding.minor(
        "StorageFixed",
        wanted
            + ", and the volume was made with "
            + made
            + ": set it back, or change PersistentVolumeClaim \""
            + actual.getMetadata().getName()
            + "\" by hand if its class allows it.");
  }

  private static Quantity size(PersistentVolumeClaim claim) {
    return claim.getSpec().getResources().getRequests().getOrDefault("storage", new Quantity("0"));
  }
}
