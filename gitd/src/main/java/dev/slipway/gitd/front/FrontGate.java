package dev.slipway.gitd.front;

import dev.slipway.gitd.keys.FrontPass;
import dev.slipway.gitd.ssh.Gate;
import dev.slipway.gitd.ssh.SshDoor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.util.Optional;
import java.util.function.Function;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the Remote's gitd decide about each key that a client offers. A client's session has one
 * connection to a gitd at most, for the key that it offered last.
 */
final class FrontGate implements Gate {
  private static final Logger log = LoggerFactory.getLogger(FrontGate.class);
  private static final AttributeKey<Upstream> UPSTREAM = new AttributeKey<>();

  private final Function<String, Route> routes;
  private final Upstreams upstreams;
  private final Patience patience;

  FrontGate(Function<String, Route> routes, Upstreams upstreams, Patience patience) {
    this.routes = routes;
    this.upstreams = upstreams;
    this.patience = patience;
  }

  /** The connection that belongs to an authenticated session. */
  static Optional<Upstream> upstream(Session session) {
    return session.isAuthenticated()
        ? Optional.ofNullable(session.getAttribute(UPSTREAM))
        : Optional.empty();
  }

  @Override
  public boolean mayWait() {
    return true;
  }

  @Override
  public boolean accepts(String user, PublicKey key, ServerSession session) {
    Upstream last = session.getAttribute(UPSTREAM);
    if (last != null && last.isFor(key)) {
      return true;
    }
    if (last != null) {
      session.removeAttribute(UPSTREAM);
      last.close();
    }
    Optional<Upstream> accepting = ask(user, key, session);
    accepting.ifPresent(
        upstream -> {
          session.setAttribute(UPSTREAM, upstream);
          // Also when the session has been closed meanwhile.
          session.addCloseFutureListener(closed -> upstream.close());
        });
    return accepting.isPresent();
  }

  @Override
  public Optional<String> enter(Session session, PublicKey key) {
    Upstream upstream = session.getAttribute(UPSTREAM);
    // Of several keys offered, the connection must be that of the one proven.
    if (upstream == null || !upstream.isFor(key)) {
      return Optional.empty();
    }
    try {
      upstream.prove();
      upstream.onClose(() -> endIdle(session, upstream));
    } catch (IOException e) {
      log.atInfo().addKeyValue("cause", e.toString()).log("gitd has left before the proof");
      return Optional.empty();
    }
    return Optional.of(KeyUtils.getFingerPrint(key) + " to " + upstream.route().remote());
  }

  /** What runs says for itself that gitd has gone, and with what words. */
  private static void endIdle(Session session, Upstream upstream) {
    boolean idle =
        !(session.getService(ConnectionService.class) instanceof AbstractConnectionService service)
            || service.getChannels().isEmpty();
    if (session.isOpen() && idle) {
      SshDoor.disconnect(session, upstream.ending());
    }
  }

  private Optional<Upstream> ask(String user, PublicKey key, ServerSession session) {
    FrontPass who =
        new FrontPass(key, ((InetSocketAddress) session.getClientAddress()).getAddress());
    Waiting waiting = new Waiting(user, session, patience);
    while (session.isOpen()) {
      switch (routes.apply(user)) {
        case Route.Unknown _ -> {
          return Optional.empty();
        }
        case Route.Unready _ -> waiting.begin("Its git server is being set up.");
        case Route.ToGitd route -> {
          try {
            return upstreams.ask(route, who);
          } catch (IOException e) {
            log.atInfo()
                .addKeyValue("remote", route.remote())
                .addKeyValue("cause", e.toString())
                .log("no answer from gitd");
            // Here is the place to wake a gitd that was scaled to zero.
            waiting.begin("Its git server does not answer.");
          }
        }
      }
      if (!waiting.goOn()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** One client's wait for a gitd: bounded, and not silent. */
  private static final class Waiting {
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
}
