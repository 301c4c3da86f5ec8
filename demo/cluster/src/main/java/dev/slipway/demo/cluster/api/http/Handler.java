package dev.slipway.demo.cluster.api.http;

import dev.slipway.demo.cluster.schema.Rejected;

/** Answers requests. */
@FunctionalInterface
public interface Handler {
  /** A {@link Rejected} thrown here becomes the answer. */
  Reply handle(ApiRequest request) throws InterruptedException;
}
