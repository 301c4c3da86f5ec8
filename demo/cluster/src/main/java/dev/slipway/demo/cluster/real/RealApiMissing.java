package dev.slipway.demo.cluster.real;

import org.jspecify.annotations.Nullable;

/** The programs of a real API server cannot be had; the message says how to get them. */
public final class RealApiMissing extends IllegalStateException {
  RealApiMissing(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
