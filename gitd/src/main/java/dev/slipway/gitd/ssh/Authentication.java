package dev.slipway.gitd.ssh;

import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.gitd.health.GitdMetrics;
import dev.slipway.gitd.keys.AuthorizedKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in whoever proves a current key, and leaves one log line about each try. */
final class Authentication implements PublickeyAuthenticator, SessionListener {
  private static final Logger log = LoggerFactory.getLogger(Authentication.class);
  private static final AttributeKey<Login> LOGIN = new AttributeKey<>();
  private static final int OFFERS_LOGGED = 6;

  private final Supplier<AuthorizedKeys> keys;
  private final int unauthenticatedLimit;
  private final GitdMetrics metrics;
  private final Clock clock;
  private final AtomicInteger unauthenticated = new AtomicInteger();

  Authentication(
      Supplier<AuthorizedKeys> keys, int unauthenticatedLimit, GitdMetrics metrics, Clock clock) {
    this.keys = keys;
    this.clock = clock;
    this.unauthenticatedLimit = unauthenticatedLimit;
    this.metrics = metrics;
  }

  /** What is known of a session for the log; says nothing about who it is. */
  private static final class Login {
    final List<String> offers = new CopyOnWriteArrayList<>();
    volatile boolean begun;
    volatile boolean passed;
  }

  /**
   * Whether a key may be used at all. Called for mere offers as well, before any signature: nothing
   * about the session's identity may be concluded here.
   */
  @Override
  public boolean authenticate(String user, PublicKey key, ServerSession session) {
    Login login = session.getAttribute(LOGIN);
    AuthorizedKeys current = keys.get();
    InetAddress from = SessionIdentity.address(session);
    Instant now = clock.instant();
    if (login != null && login.offers.size() < OFFERS_LOGGED) {
      String refusal = current.refusal(key, from, now).map(it -> " " + it).orElse("");
      login.offers.add(KeyUtils.getFingerPrint(key) + refusal);
    }
    return current.find(key, from, now).isPresent();
  }

  /** Whether the key of an authenticated session is not let in any more, or may do less by now. */
  boolean isRevoked(Session session) {
    return SessionIdentity.of(session)
        .filter(
            who ->
                keys.get()
                    .find(who.key(), SessionIdentity.address(session), clock.instant())
                    .filter(it -> who.limits().readOnly() || !it.limits().readOnly())
                    .isEmpty())
        .isPresent();
  }

  @Override
  public void sessionCreated(Session session) {
    session.setAttribute(LOGIN, new Login());
    metrics.sessionOpened();
    if (unauthenticated.incrementAndGet() > unauthenticatedLimit) {
      log.atWarn()
          .addKeyValue("from", session.getRemoteAddress())
          .addKeyValue("limit", unauthenticatedLimit)
          .log("connection closed: too many that are not authenticated");
      session.close(true);
    }
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
    Optional<AuthorizedKey> identity =
        SessionIdentity.establish(session, keys.get(), clock.instant());
    if (identity.isEmpty()) {
      disconnect(session, "this key is no longer accepted");
      return;
    }
    login.passed = true;
    unauthenticated.decrementAndGet();
    metrics.authenticationSucceeded();
    log.atInfo()
        .addKeyValue("pusher", identity.get().name())
        .addKeyValue("key", identity.get().fingerprint())
        .addKeyValue("from", session.getRemoteAddress())
        .log("authenticated");
  }

  @Override
  public void sessionClosed(Session session) {
    Login login = session.getAttribute(LOGIN);
    if (login == null) {
      return;
    }
    metrics.sessionClosed();
    if (login.passed) {
      return;
    }
    unauthenticated.decrementAndGet();
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
