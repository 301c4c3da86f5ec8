package dev.slipway.gitd.front;

import java.io.IOException;
import java.security.PublicKey;

/** A client's way to the gitd of a Remote, for the one key that he offered when it was made. */
sealed interface Passage extends AutoCloseable permits Upstream, Awakening {

  /** Says something to the client. */
  @FunctionalInterface
  interface Teller {
    void tell(String sentence) throws IOException;
  }

  Route.ToGitd route();

  /** Whether it can be gone with this key. */
  boolean isFor(PublicKey key);

  /** Says that the client has proven the key. */
  void prove() throws IOException;

  /**
   * Waits until it stands.
   *
   * @param teller for when that takes longer than a moment
   */
  Upstream open(Teller teller) throws IOException;

  /** What is to be done when it has come to its end. */
  void onClose(Runnable action);

  /** Why it has ended, as a sentence for the client. */
  String ending();

  @Override
  void close();
}
