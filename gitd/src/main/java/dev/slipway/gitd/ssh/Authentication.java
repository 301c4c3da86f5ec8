package dev.slipway.gitd.ssh;

import dev.slipway.gitd.health.GitdMetrics;
import java.io.IOException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in whoever proves a key that the gate accepts; leaves one log line about each try. */
final class Authentication implements PublickeyAuthenticator, SessionListener {
  private static final Logger log = LoggerFactory.getLogger(Authentication.class);
  private static final AttributeKey<Login> LOGIN = new AttributeKey<>();
  private static final int OFFERS_LOGGED = 6;

  private final Gate gate;
  private final GitdMetrics metrics;
  private final Unauthenticated<Session> unauthenticated;

  Authentication(Gate gate, SshLimits limits, GitdMetrics metrics) {
    this.gate = gate;
    this.metrics = metrics;
    this.unauthenticated = new Unauthenticated<>(limits.unauthenticatedSessions());
  }

  /** What is known of a session for the log; says nothing about who it is. */
  private static final class Login {
    final List<String> offers = new CopyOnWriteArrayList<>();
    volatile boolean begun;
    volatile boolean passed;
  }

  @Override
  public boolean authenticate(String user, PublicKey key, ServerSession session) {
    Login login = session.getAttribute(LOGIN);
    if (login != null && login.offers.size() < OFFERS_LOGGED) {
      String refusal = gate.refusal(key, session).map(it -> " " + it).orElse("");
      login.offers.add(KeyUtils.getFingerPrint(key) + refusal);
    }
    return gate.accepts(user, key, session);
  }

  @Override
  public void sessionCreated(Session session) {
    session.setAttribute(LOGIN, new Login());
    metrics.connectionOpened();
    unauthenticated
        .enter(session, SessionIdentity.address(session))
        .ifPresent(
            leaving -> {
              log.atWarn()
                  .addKeyValue("from", leaving.getRemoteAddress())
                  .log("connection closed: too many that are not authenticated");
              leaving.close(true);
            });
  }

  @Override
  public void sessionEvent(Session session, Event event) {
    Login login = session.getAttribute(LOGIN);
    if (login == null) {
      return;
    }
    switch (event) {
      case KeyEstablished -> login.begun = true;
      case Authenticated -> authenticated(session, login);
      case KexCompleted -> {}
    }
  }

  private void authenticated(Session session, Login login) {
    Optional<String> who =
        SessionIdentity.verifiedKey(session).flatMap(key -> gate.enter(session, key));
    if (who.isEmpty()) {
      disconnect(session, "this key is no longer accepted");
      return;
    }
    login.passed = true;
    unauthenticated.leave(session);
    metrics.authenticationSucceeded();
    log.atInfo()
        .addKeyValue("pusher", who.get())
        .addKeyValue("from", session.getRemoteAddress())
        .log("authenticated");
  }

  @Override
  public void sessionClosed(Session session) {
    Login login = session.getAttribute(LOGIN);
    if (login == null) {
      return;
    }
    metrics.connectionClosed();
    if (login.passed) {
      return;
    }
    unauthenticated.leave(session);
    if (login.begun) {
      metrics.authenticationFailed();
      log.atInfo()
          .addKeyValue("offered", login.offers)
          .addKeyValue("from", session.getRemoteAddress())
          .log("authentication failed");
    }
  }

  static void disconnect(Session session, String sentence) {
    try {
      session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, sentence);
    } catch (IOException e) {
      session.close(true);
    }
  }
}
