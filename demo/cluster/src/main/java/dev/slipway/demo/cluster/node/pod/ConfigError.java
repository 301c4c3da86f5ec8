package dev.slipway.demo.cluster.node.pod;

/** A container cannot be made as the pod wants it; the message is the kubelet's sentence. */
final class ConfigError extends Exception {
  ConfigError(String message) {
    super(message);
  }
}
