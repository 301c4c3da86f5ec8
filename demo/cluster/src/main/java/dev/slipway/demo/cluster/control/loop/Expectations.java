package dev.slipway.demo.cluster.control.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Remembers, for each owner, the writes that its watch has not shown yet, so that nothing is
 * decided twice on the same stale picture.
 *
 * <p>Everything is expected before it is written, because the watch may be faster than the answer.
 */
public final class Expectations {
  /** After a watch was interrupted a change may never be shown; then the picture is trusted. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final class Outstanding {
    private int creations;
    private final Set<String> changes = new HashSet<>();
    private Instant since = Instant.MIN;
  }

  private final InstantSource clock;
  private final Map<Key, Outstanding> owners = new HashMap<>();

  public Expectations(InstantSource clock) {
    this.clock = clock;
  }

  /** Expects this many new objects to appear. */
  public synchronized void expectCreations(Key owner, int count) {
    of(owner).creations += count;
  }

  /** Expects the object with this uid to be seen deleted or changed as it was asked to be. */
  public synchronized void expectChange(Key owner, String uid) {
    of(owner).changes.add(uid);
  }

  /** A new object was seen, or it turned out that it will not come. */
  public synchronized void creationSeen(Key owner) {
    var outstanding = owners.get(owner);
    if (outstanding != null && outstanding.creations > 0) {
      outstanding.creations--;
      forgetIfDone(owner, outstanding);
    }
  }

  /** The change was seen, or it turned out that it will not come. */
  public synchronized void changeSeen(Key owner, String uid) {
    var outstanding = owners.get(owner);
    if (outstanding != null && outstanding.changes.remove(uid)) {
      forgetIfDone(owner, outstanding);
    }
  }

  /** Whether the picture shows all that was written for this owner. */
  public synchronized boolean fulfilled(Key owner) {
    var outstanding = owners.get(owner);
    if (outstanding == null) {
      return true;
    }
    if (clock.instant().isAfter(outstanding.since.plus(PATIENCE))) {
      owners.remove(owner);
      return true;
    }
    return false;
  }

  /** The owner is gone. */
  public synchronized void forget(Key owner) {
    owners.remove(owner);
  }

  private Outstanding of(Key owner) {
    var outstanding = owners.computeIfAbsent(owner, _ -> new Outstanding());
    outstanding.since = clock.instant();
    return outstanding;
  }

  private void forgetIfDone(Key owner, Outstanding outstanding) {
    if (outstanding.creations == 0 && outstanding.changes.isEmpty()) {
      owners.remove(owner);
    }
  }
}
