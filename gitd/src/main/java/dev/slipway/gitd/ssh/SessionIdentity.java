package dev.slipway.gitd.ssh;

import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.gitd.keys.AuthorizedKeys;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;

/** Who a session belongs to: the key whose signature was verified, never one merely offered. */
final class SessionIdentity {
  private static final AttributeKey<AuthorizedKey> KEY = new AttributeKey<>();

  private SessionIdentity() {}

  /**
   * Fixes the identity of a session that has just been authenticated. MINA asks its authenticator
   * before it has seen a signature, but writes {@code AUTHENTICATED_KEYS} after it has verified
   * one.
   *
   * @return empty if the key is not, or no longer, let in by {@code keys}
   */
  static Optional<AuthorizedKey> establish(Session session, AuthorizedKeys keys, Instant now) {
    List<PublicKey> verified = session.getAttribute(UserAuthPublicKey.AUTHENTICATED_KEYS);
    Optional<AuthorizedKey> identity =
        verified == null || verified.isEmpty()
            ? Optional.empty()
            : keys.find(verified.getLast(), address(session), now);
    identity.ifPresent(key -> session.setAttribute(KEY, key));
    return identity;
  }

  /** Where the client of a session is. */
  static InetAddress address(Session session) {
    return ((InetSocketAddress) session.getIoSession().getRemoteAddress()).getAddress();
  }

  static Optional<AuthorizedKey> of(Session session) {
    return Optional.ofNullable(session.getAttribute(KEY));
  }
}
