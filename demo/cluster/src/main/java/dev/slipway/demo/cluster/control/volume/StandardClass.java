package dev.slipway.demo.cluster.control.volume;

import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** The storage that every claim gets that names no other: a directory of the node. */
public final class StandardClass {
  static final String PROVISIONER = "slipway.dev/directory";
  private static final String IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

  private StandardClass() {}

  /** Creates the class {@code standard} unless there is one. */
  public static void ensure(KubernetesClient client) {
    client.resource(standard()).createOr(_ -> standard());
  }

  private static StorageClass standard() {
    return new StorageClassBuilder()
        .withNewMetadata()
        .withName("standard")
        .addToAnnotations(IS_DEFAULT, "true")
        .endMetadata()
        .withProvisioner(PROVISIONER)
        .withReclaimPolicy("Delete")
        .withVolumeBindingMode("WaitForFirstConsumer")
        .build();
  }
}
