package dev.slipway.controller.dependent;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this controller has applied to the objects of one kind. The answer to an apply says all, so
 * its event is no news: as a rule it comes before the answer, and JOSDK, which knows answers only,
 * would have each new Remote looked at twice.
 */
final class OwnWrites {
  private static final String NONE = "";

  private final Map<ResourceID, Settled> settled = new ConcurrentHashMap<>();

  /** The version that the last event said, of each object that is being applied. */
  private final Map<ResourceID, String> seen = new ConcurrentHashMap<>();

  /**
   * What an apply has led to. Whoever changes the object, in whatever field, changes its version.
   *
   * @param version of the object, as the API answered
   * @param applied fingerprint of what was applied
   */
  private record Settled(String version, String applied) {}

  void begin(ResourceID id) {
    seen.put(id, NONE);
  }

  void settle(ResourceID id, String version, String fingerprint) {
    settled.put(id, new Settled(version, fingerprint));
  }

  /**
   * Ends what was begun, settled or not.
   *
   * @return whether an event was left out meanwhile that spoke of something else
   */
  boolean end(ResourceID id) {
    String version = Objects.requireNonNullElse(seen.remove(id), NONE);
    return !version.equals(NONE) && !isSettled(id, version);
  }

  /**
   * Whether an event about this object is to be left out: it is of an own write, or comes during
   * one, whose end tells.
   */
  boolean mayInclude(HasMetadata object) {
    ResourceID id = ResourceID.fromResource(object);
    String version = object.getMetadata().getResourceVersion();
    // In this order: an apply is settled before it ends.
    return seen.computeIfPresent(id, (_, _) -> version) != null || isSettled(id, version);
  }

  /** Whether the object is as an apply of just this has left it. */
  boolean haveLedTo(HasMetadata object, String fingerprint) {
    Settled last = settled.get(ResourceID.fromResource(object));
    return last != null
        && last.applied().equals(fingerprint)
        && last.version().equals(object.getMetadata().getResourceVersion());
  }

  void forget(ResourceID id) {
    settled.remove(id);
  }

  private boolean isSettled(ResourceID id, String version) {
    Settled last = settled.get(id);
    return last != null && last.version().equals(version);
  }
}
