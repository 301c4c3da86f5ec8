package dev.slipway.gitd.ssh;

import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.gitd.keys.AuthorizedKeys;
import dev.slipway.gitd.keys.FrontPass;
import java.net.InetAddress;
import java.security.PublicKey;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.session.ServerSession;

/** Lets in whoever has proven a current key, here or to the front that this Remote trusts. */
final class RemoteGate implements Gate {
  private static final AttributeKey<OpenSshCertificate> OFFERED = new AttributeKey<>();

  private final Supplier<AuthorizedKeys> keys;
  private final Supplier<Optional<FrontPass.Issuer>> front;
  private final Clock clock;

  RemoteGate(
      Supplier<AuthorizedKeys> keys, Supplier<Optional<FrontPass.Issuer>> front, Clock clock) {
    this.keys = keys;
    this.front = front;
    this.clock = clock;
  }

  @Override
  public boolean accepts(String user, PublicKey key, ServerSession session) {
    if (key instanceof OpenSshCertificate certificate) {
      session.setAttribute(OFFERED, certificate);
      return read(certificate).flatMap(pass -> find(pass.pusher(), pass.client())).isPresent();
    }
    return find(key, SessionIdentity.address(session)).isPresent();
  }

  @Override
  public Optional<String> refusal(PublicKey key, Session session) {
    Optional<FrontPass> pass =
        key instanceof OpenSshCertificate certificate ? read(certificate) : Optional.empty();
    return keys.get()
        .refusal(
            pass.map(FrontPass::pusher).orElse(key),
            pass.map(FrontPass::client).orElseGet(() -> SessionIdentity.address(session)),
            clock.instant());
  }

  @Override
  public boolean mayWait() {
    return false;
  }

  @Override
  public Optional<String> enter(Session session, PublicKey key) {
    Optional<FrontPass> pass = pass(session, key);
    InetAddress from =
        pass.map(FrontPass::client).orElseGet(() -> SessionIdentity.address(session));
    Optional<AuthorizedKey> identity = find(pass.map(FrontPass::pusher).orElse(key), from);
    pass.ifPresent(
        it -> SessionIdentity.vouchedBy(session, session.getAttribute(OFFERED).getCaPubKey()));
    identity.ifPresent(it -> SessionIdentity.establish(session, it, from));
    String detour = pass.isPresent() ? " through front, from " + from.getHostAddress() : "";
    return identity.map(it -> SessionIdentity.described(it) + detour);
  }

  /** Whether an authenticated session would not be let in any more, or may do less by now. */
  boolean isRevoked(Session session) {
    return revocation(session).isPresent();
  }

  /** The same, as a sentence for the client. */
  Optional<String> revocation(Session session) {
    Optional<AuthorizedKey> who = SessionIdentity.of(session);
    if (who.isEmpty()) {
      return Optional.empty();
    }
    if (!isVoucherCurrent(session)) {
      return Optional.of("the front that you came through is not trusted any more");
    }
    boolean mayAsMuch =
        find(who.get().key(), SessionIdentity.address(session))
            .filter(it -> who.get().limits().readOnly() || !it.limits().readOnly())
            .isPresent();
    return mayAsMuch ? Optional.empty() : Optional.of("your key was removed from this remote");
  }

  private boolean isVoucherCurrent(Session session) {
    return SessionIdentity.voucher(session)
        .map(ca -> front.get().filter(it -> KeyUtils.compareKeys(it.ca(), ca)).isPresent())
        .orElse(true);
  }

  private Optional<AuthorizedKey> find(PublicKey key, InetAddress from) {
    return keys.get().find(key, from, clock.instant());
  }

  /** Of a certificate MINA keeps the key that was certified, once that has been proven. */
  private Optional<FrontPass> pass(Session session, PublicKey proven) {
    OpenSshCertificate offered = session.getAttribute(OFFERED);
    return offered != null && KeyUtils.compareKeys(offered.getCertPubKey(), proven)
        ? read(offered)
        : Optional.empty();
  }

  private Optional<FrontPass> read(OpenSshCertificate certificate) {
    return front.get().flatMap(it -> it.read(certificate, clock.instant()));
  }
}
