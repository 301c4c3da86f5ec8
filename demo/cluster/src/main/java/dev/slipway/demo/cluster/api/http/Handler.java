package dev.slipway.demo.cluster.api.http;

/** Answers requests. */
@FunctionalInterface
public interface Handler {
  /** A {@link StatusError} thrown here becomes the answer. */
  Reply handle(ApiRequest request) throws InterruptedException;
}
