package dev.slipway.gitd.ssh;

import dev.slipway.crd.keys.AuthorizedKey;

/** What somebody sees who asks for a shell. */
final class Greeting {
  private Greeting() {}

  /**
   * @param remote the Remote's name in its URL
   */
  static String text(AuthorizedKey who, String remote) {
    return """
        Hello %1$s (%2$s). Your key works, but there is no shell here: this is a git remote.

          git remote add <name> ssh://%3$s@<host>[:<port>]/~/git/%3$s
          git push <name> master
        """
        .formatted(who.name(), who.fingerprint(), remote)
        .stripTrailing();
  }
}
