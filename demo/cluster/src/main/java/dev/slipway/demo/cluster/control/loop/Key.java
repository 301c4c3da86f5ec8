package dev.slipway.demo.cluster.control.loop;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Names one object of a kind.
 *
 * @param namespace empty for objects of the whole cluster
 */
public record Key(String namespace, String name) {
  /** The key of an object that has its name already. */
  public static Key of(HasMetadata object) {
    var namespace = object.getMetadata().getNamespace();
    return new Key(namespace == null ? "" : namespace, object.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
