package dev.slipway.gitd.front;

import java.security.PublicKey;

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
}
