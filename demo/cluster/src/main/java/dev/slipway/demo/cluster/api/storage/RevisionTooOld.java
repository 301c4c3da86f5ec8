package dev.slipway.demo.cluster.api.storage;

/** The log no longer reaches back to the revision that was asked for. */
public final class RevisionTooOld extends Exception {
  RevisionTooOld(long asked, long oldest) {
    super("too old resource version: " + asked + " (" + oldest + ")");
  }
}
