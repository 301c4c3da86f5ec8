package dev.slipway.gitd.ssh;

/** What somebody sees who asks for a shell. */
public final class Greeting {
  private Greeting() {}

  /**
   * The greeting of one session.
   *
   * @param who whose key it is, as far as that is known
   * @param remote the Remote's name in its URL
   */
  public static String text(String who, String remote) {
    return """
        Hello %1$s. Your key works, but there is no shell here: this is a git remote.

          git remote add <name> ssh://%2$s@<host>[:<port>]/~/git/%2$s
          git push <name> master
        """
        .formatted(who, remote)
        .stripTrailing();
  }
}
