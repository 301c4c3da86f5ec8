package dev.slipway.gitd.front;

import java.security.PublicKey;

/** Where a user name leads. */
public sealed interface Route {

  /** No Remote has this name. */
  record Unknown() implements Route {}

  /**
   * The Remote is there, and nobody has said yet where its gitd is.
   *
   * @param remote {@code <namespace>/<name>}
   */
  record Unready(String remote) implements Route {}

  /**
   * The gitd of a Remote.
   *
   * @param remote {@code <namespace>/<name>}
   * @param user the user name to show to developers
   * @param hostKey what the gitd must prove to be itself
   */
  record ToGitd(String remote, String user, String host, int port, PublicKey hostKey)
      implements Route {}
}
