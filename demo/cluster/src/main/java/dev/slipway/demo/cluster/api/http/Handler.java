package dev.slipway.demo.cluster.api.http;

/** Answers requests; what comes between client and API (such as faults for a test) wraps one. */
@FunctionalInterface
public interface Handler {
  /** A {@link StatusError} thrown here becomes the answer. */
  Reply handle(ApiRequest request) throws InterruptedException;
}
