package dev.slipway.demo.cluster.control.loop;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Optional;

/** Who controls an object. */
public final class Ownership {
  private Ownership() {}

  /** The one owner that is marked as controller. */
  public static Optional<OwnerReference> controllerOf(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst();
  }

  /** The key of the controlling object, if it is of this kind. */
  public static Optional<Key> controllerOf(HasMetadata object, String kind) {
    return controllerOf(object)
        .filter(owner -> owner.getKind().equals(kind))
        .map(owner -> new Key(object.getMetadata().getNamespace(), owner.getName()));
  }

  /** What a controlled object says of its owner. */
  public static OwnerReference controlledBy(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }
}
