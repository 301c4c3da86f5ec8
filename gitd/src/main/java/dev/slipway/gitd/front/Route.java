package dev.slipway.gitd.front;

import java.security.PublicKey;
import java.util.Set;

/** Where a user name leads. */
public sealed interface Route {

  /** No Remote has this name. */
  record Unknown() implements Route {}

  /** Nobody has said yet where the gitd of this name is, or not all Remotes are known yet. */
  record Unready() implements Route {}

  /**
   * The gitd of a Remote.
   *
   * @param remote {@code <namespace>/<name>}
   * @param hostKey what the gitd must prove to be itself
   */
  record ToGitd(String remote, String host, int port, PublicKey hostKey) implements Route {}

  /**
   * The gitd of a Remote, which sleeps.
   *
   * @param keys fingerprints of those that wake it
   */
  record Asleep(ToGitd gitd, Set<String> keys) implements Route {
    public Asleep {
      keys = Set.copyOf(keys);
    }
  }
}
