package dev.slipway.gitd.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.ReservedSessionMessagesHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks clients whether they are there, as OpenSSH's ClientAliveInterval does, and closes the
 * connection of one that does not answer: the kernel takes a quarter of an hour to give up on a
 * network that is dead, and a load balancer may take what is sent for ever.
 */
final class Heartbeat implements ReservedSessionMessagesHandler {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

  /** Clients answer any request that they do not know, too (RFC 4254, section 4). */
  private static final String REQUEST = "keepalive@openssh.com";

  private static final AttributeKey<AtomicLong> ASKED = new AttributeKey<>();
  private static final long NOTHING = 0;

  private final Duration silence;

  /**
   * @param silence how long a client may leave a question unanswered
   */
  Heartbeat(Duration silence) {
    this.silence = silence;
  }

  @Override
  public boolean sendReservedHeartbeat(ConnectionService service) throws IOException {
    Session session = service.getSession();
    AtomicLong asked = session.computeAttributeIfAbsent(ASKED, key -> new AtomicLong(NOTHING));
    long since = asked.get();
    if (since == NOTHING) {
      asked.set(Math.max(1, System.nanoTime()));
      ask(session, asked);
    } else if (System.nanoTime() - since > silence.toNanos()) {
      log.atInfo()
          .addKeyValue("from", session.getRemoteAddress())
          .addKeyValue("silence", silence)
          .log("connection closed: the client does not answer");
      session.close(true);
    }
    return true;
  }

  private static void ask(Session session, AtomicLong asked) throws IOException {
    Buffer request = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
    request.putString(REQUEST);
    request.putBoolean(true);
    var _ = session.request(request, REQUEST, (answer, content) -> asked.set(NOTHING));
  }
}
