package dev.slipway.gitd.ssh;

import java.security.PublicKey;
import java.util.Optional;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.session.ServerSession;

/** Decides who comes in through a {@link SshDoor}. */
public interface Gate {
  /**
   * Whether a key may be used at all. Called for mere offers as well, before any signature: nothing
   * about the session's identity may be concluded here.
   *
   * @param user as the client names itself, not verified by anything
   */
  boolean accepts(String user, PublicKey key, ServerSession session);

  /** Why a key that is known is not accepted, for the log; empty for all others. */
  default Optional<String> refusal(PublicKey key, Session session) {
    return Optional.empty();
  }

  /** Whether {@link #accepts} may wait for others, so that a pool of few threads would not do. */
  boolean mayWait();

  /**
   * Takes in a session whose signature has been verified.
   *
   * @param key the one that was proven
   * @return who it is, for the log; empty turns it away
   */
  Optional<String> enter(Session session, PublicKey key);
}
