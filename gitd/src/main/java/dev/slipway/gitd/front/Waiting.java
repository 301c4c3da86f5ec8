package dev.slipway.gitd.front;

import dev.slipway.gitd.ssh.SshDoor;
import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.ServerSession;

/** One client's wait for a gitd: bounded, and not silent. */
final class Waiting {
  private final String user;
  private final ServerSession session;
  private final Patience patience;
  private final long started = System.nanoTime();
  private long told;
  private String why = "";

  /**
   * @param user as the client has typed it: whether somebody has that name is not certain yet
   */
  Waiting(String user, ServerSession session, Patience patience) {
    this.user = user;
    this.session = session;
    this.patience = patience;
  }

  void begin(String reason) {
    boolean news = !why.equals(reason);
    why = reason;
    if (news || System.nanoTime() - told > patience.remind().toNanos()) {
      told = System.nanoTime();
      tell("Waiting for %s. %s".formatted(user, why));
    }
  }

  /**
   * Pauses until the next attempt.
   *
   * @return false if the time is over, which the client has been told then
   */
  boolean goOn() {
    if (System.nanoTime() - started > patience.absent().toNanos()) {
      SshDoor.disconnect(
          session,
          "%s is not available. %s Try again later, or ask who runs the cluster."
              .formatted(user, why));
      return false;
    }
    try {
      Thread.sleep(patience.pause());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Before a login there is no other way to say something; ssh shows it on stderr. */
  private void tell(String sentence) {
    try {
      Buffer banner = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_BANNER);
      banner.putString(sentence + "\n");
      banner.putString("");
      session.writePacket(banner);
    } catch (IOException e) {
      session.close(true);
    }
  }
}
