package dev.slipway.gitd.repo;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Remembers for each push under way what refs pointed to since it began: its client was told of
 * them, and does not send what they lead to, though they may have moved or gone meanwhile.
 */
final class OpenPushes {
  private final Set<Open> open = new HashSet<>();

  /** One of them. */
  static final class Open {
    private final Set<ObjectId> former = new HashSet<>();

    private Open() {}
  }

  synchronized Open begin() {
    Open push = new Open();
    open.add(push);
    return push;
  }

  synchronized void end(Open push) {
    open.remove(push);
  }

  /** Refs leave these objects. */
  synchronized void leave(Collection<ObjectId> former) {
    open.forEach(push -> push.former.addAll(former));
  }

  /** What no ref needs to lead to any more, and some push may count on. */
  synchronized Set<ObjectId> former() {
    Set<ObjectId> all = new HashSet<>();
    open.forEach(push -> all.addAll(push.former));
    return all;
  }
}
