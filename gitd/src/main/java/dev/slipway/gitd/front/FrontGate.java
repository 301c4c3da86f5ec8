package dev.slipway.gitd.front;

import dev.slipway.gitd.keys.FrontPass;
import dev.slipway.gitd.ssh.Gate;
import dev.slipway.gitd.ssh.SshDoor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the Remote's gitd decide about each key that a client offers. A client's session has one
 * connection to a gitd at most, for the key that it offered last.
 */
final class FrontGate implements Gate {
  private static final Logger log = LoggerFactory.getLogger(FrontGate.class);
  private static final AttributeKey<Passage> PASSAGE = new AttributeKey<>();

  private final Gitds gitds;
  private final Patience patience;

  FrontGate(Gitds gitds, Patience patience) {
    this.gitds = gitds;
    this.patience = patience;
  }

  /** The way that belongs to an authenticated session. */
  static Optional<Passage> passage(Session session) {
    return session.isAuthenticated()
        ? Optional.ofNullable(session.getAttribute(PASSAGE))
        : Optional.empty();
  }

  @Override
  public boolean mayWait() {
    return true;
  }

  @Override
  public boolean accepts(String user, PublicKey key, ServerSession session) {
    Passage last = session.getAttribute(PASSAGE);
    if (last != null && last.isFor(key)) {
      return true;
    }
    if (last != null) {
      session.removeAttribute(PASSAGE);
      last.close();
    }
    Optional<Passage> accepting = ask(user, key, session);
    accepting.ifPresent(
        passage -> {
          session.setAttribute(PASSAGE, passage);
          // Also when the session has been closed meanwhile.
          session.addCloseFutureListener(closed -> passage.close());
        });
    return accepting.isPresent();
  }

  @Override
  public Optional<String> enter(Session session, PublicKey key) {
    Passage passage = session.getAttribute(PASSAGE);
    // Of several keys offered, the connection must be that of the one proven.
    if (passage == null || !passage.isFor(key)) {
      return Optional.empty();
    }
    try {
      passage.prove();
      passage.onClose(() -> endIdle(session, passage));
    } catch (IOException e) {
      log.atInfo().addKeyValue("cause", e.toString()).log("gitd has left before the proof");
      return Optional.empty();
    }
    return Optional.of(KeyUtils.getFingerPrint(key) + " to " + passage.route().remote());
  }

  /** What runs says for itself that gitd has gone, and with what words. */
  private static void endIdle(Session session, Passage passage) {
    boolean idle =
        !(session.getService(ConnectionService.class) instanceof AbstractConnectionService service)
            || service.getChannels().isEmpty();
    if (session.isOpen() && idle) {
      SshDoor.disconnect(session, passage.ending());
    }
  }

  private Optional<Passage> ask(String user, PublicKey key, ServerSession session) {
    FrontPass who =
        new FrontPass(key, ((InetSocketAddress) session.getClientAddress()).getAddress());
    Waiting waiting = new Waiting(user, session, patience);
    while (session.isOpen()) {
      switch (gitds.routes().apply(user)) {
        case Route.Unknown _ -> {
          return Optional.empty();
        }
        case Route.Unready _ -> waiting.begin("Its git server is being set up.");
        case Route.Asleep asleep -> {
          return asleep.keys().contains(fingerprint(key))
              ? Optional.of(awakening(asleep.gitd(), user, who, session))
              : Optional.empty();
        }
        case Route.ToGitd route -> {
          try {
            return gitds.upstreams().ask(route, who, patience.connect()).map(Passage.class::cast);
          } catch (IOException e) {
            log.atInfo()
                .addKeyValue("remote", route.remote())
                .addKeyValue("cause", e.toString())
                .log("no answer from gitd");
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

  private Passage awakening(Route.ToGitd route, String user, FrontPass who, Session session) {
    return new Awakening(gitds, route, user, who, session, patience);
  }

  private static String fingerprint(PublicKey key) {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
  }
}
