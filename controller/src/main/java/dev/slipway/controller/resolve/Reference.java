package dev.slipway.controller.resolve;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object that somebody else owns, by its name. */
record Reference<T extends HasMetadata>(Class<T> kind, String namespace, String name) {}
