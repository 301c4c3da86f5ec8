package dev.slipway.controller.resolve;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/**
 * Tells two states of an object apart without saying anything about its content: a hash of a short
 * secret would give it away.
 */
final class Version {
  private Version() {}

  /** Another one for an object of the same name that was made anew. */
  static String of(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return metadata.getUid() + "/" + metadata.getResourceVersion();
  }
}
