package dev.slipway.controller.model;

import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** Makes the metadata by which an object belongs to its Remote and goes with it. */
final class Metadata {
  private final Remote remote;
  private final Names names;

  Metadata(Remote remote, Names names) {
    this.remote = remote;
    this.names = names;
  }

  ObjectMeta of(String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(remote.getMetadata().getNamespace())
        .withLabels(names.labels())
        .withOwnerReferences(owner())
        .build();
  }

  private OwnerReference owner() {
    return new OwnerReferenceBuilder()
        .withApiVersion(Remote.GROUP + "/" + Remote.VERSION)
        .withKind("Remote")
        .withName(remote.getMetadata().getName())
        .withUid(remote.getMetadata().getUid())
        .withController(true)
        .build();
  }
}
