package dev.slipway.controller.resolve;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * An object that somebody else owns, by its name.
 *
 * @param use what is wanted of it: each use has its own aspect
 */
record Reference<T extends HasMetadata>(Class<T> kind, String namespace, String name, Use use) {

  /** What an object is referred to for. */
  enum Use {
    /** To know that it is there, and what it looks like. */
    SHAPE,
    /** For the public keys that stand in it. */
    KEYS
  }
}
