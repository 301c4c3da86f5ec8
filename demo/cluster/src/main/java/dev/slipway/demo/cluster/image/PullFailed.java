package dev.slipway.demo.cluster.image;

/** An image cannot be had; the message is containerd's sentence. */
public final class PullFailed extends Exception {
  PullFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
