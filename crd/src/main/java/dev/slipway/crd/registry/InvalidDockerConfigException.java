package dev.slipway.crd.registry;

/** A text is no Docker configuration; the message says why and quotes nothing of it. */
public final class InvalidDockerConfigException extends Exception {
  InvalidDockerConfigException(String message) {
    super(message);
  }
}
