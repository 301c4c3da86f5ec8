package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceName;

/** Gives a claim that names no class the one that is marked as the default. */
public final class DefaultStorageClass implements Admission {
  private static final ResourceName CLASSES = new ResourceName("storage.k8s.io", "storageclasses");
  private static final String IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

  private final Store store;

  public DefaultStorageClass(Store store) {
    this.store = store;
  }

  @Override
  public void admit(Attempt attempt) {
    var claim = attempt.object();
    if (!attempt.type().kind().equals("PersistentVolumeClaim")
        || attempt.before().isPresent()
        || claim.at("/spec").has("storageClassName")) {
      return;
    }
    store.list(CLASSES, "").objects().stream()
        .filter(each -> "true".equals(each.annotations().get(IS_DEFAULT)))
        .map(ApiObject::name)
        .findFirst()
        .ifPresent(name -> claim.json().withObjectProperty("spec").put("storageClassName", name));
  }
}
