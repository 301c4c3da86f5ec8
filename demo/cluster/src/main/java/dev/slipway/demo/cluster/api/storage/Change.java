package dev.slipway.demo.cluster.api.storage;

import dev.slipway.demo.cluster.api.object.ApiObject;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log.
 *
 * @param before null when the object was created
 * @param after for a deletion the last state with the deletion's own resourceVersion
 */
public record Change(
    long revision, Type type, Key key, @Nullable ApiObject before, ApiObject after) {
  /** What happened, named as in watch events. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }
}
