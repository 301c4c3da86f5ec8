package dev.slipway.gitd.ssh;

import dev.slipway.crd.keys.AuthorizedKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;

/** Who a session belongs to: the key whose signature was verified, never one merely offered. */
final class SessionIdentity {
  private static final AttributeKey<AuthorizedKey> KEY = new AttributeKey<>();

  private static final AttributeKey<InetAddress> FROM = new AttributeKey<>();

  private static final AttributeKey<PublicKey> VOUCHED_BY = new AttributeKey<>();

  private SessionIdentity() {}

  /**
   * The key or certificate that a session has proven. MINA asks its authenticator before it has
   * seen a signature, but writes {@code AUTHENTICATED_KEYS} after it has verified one.
   */
  static Optional<PublicKey> verifiedKey(Session session) {
    List<PublicKey> verified = session.getAttribute(UserAuthPublicKey.AUTHENTICATED_KEYS);
    return verified == null || verified.isEmpty()
        ? Optional.empty()
        : Optional.of(verified.getLast());
  }

  /** Fixes the identity of a session that has just been authenticated. */
  static void establish(Session session, AuthorizedKey identity, InetAddress from) {
    session.setAttribute(KEY, identity);
    session.setAttribute(FROM, from);
  }

  /** Notes whose word a session came in with. */
  static void vouchedBy(Session session, PublicKey frontCa) {
    session.setAttribute(VOUCHED_BY, frontCa);
  }

  /** The CA of the front that it came through; empty if it came directly. */
  static Optional<PublicKey> voucher(Session session) {
    return Optional.ofNullable(session.getAttribute(VOUCHED_BY));
  }

  static Optional<AuthorizedKey> of(Session session) {
    return Optional.ofNullable(session.getAttribute(KEY));
  }

  /** Where the pusher is: for a session through front the address that front has seen. */
  static InetAddress address(Session session) {
    InetAddress told = session.getAttribute(FROM);
    return told == null
        ? ((InetSocketAddress) session.getIoSession().getRemoteAddress()).getAddress()
        : told;
  }

  /** For people and the log, for example {@code ana (SHA256:Qm9…)}. */
  static String described(AuthorizedKey identity) {
    return identity.name() + " (" + identity.fingerprint() + ")";
  }
}
