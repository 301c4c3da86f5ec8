package dev.slipway.gitd.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.junit.jupiter.api.Test;

/** Whose word gitd takes for a pusher's key. */
class FrontPassTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String REMOTE = "default/dev";
  private static final KeyPair CA = key();
  private static final PublicKey ANA = key().getPublic();

  private static final InetAddress HOME = InetAddress.ofLiteral("203.0.113.7");

  private final FrontPass.Issuer front = new FrontPass.Issuer(CA.getPublic(), REMOTE);

  @Test
  void saysWhoKnocksAndFromWhere() throws Exception {
    FrontPass pass = new FrontPass(ANA, HOME);

    assertThat(front.read(certificate(pass.issue(CA, REMOTE, NOW)), NOW)).contains(pass);
  }

  @Test
  void isWorthNothingForAnotherRemote() throws Exception {
    var other = certificate(new FrontPass(ANA, HOME).issue(CA, "default/other", NOW));

    assertThat(front.read(other, NOW)).isEmpty();
  }

  @Test
  void isWorthNothingWhenSomebodyElseHasSignedIt() throws Exception {
    var forged = certificate(new FrontPass(ANA, HOME).issue(key(), REMOTE, NOW));

    assertThat(front.read(forged, NOW)).isEmpty();
  }

  @Test
  void isWorthNothingAfterAMinuteAndLongBefore() throws Exception {
    var pass = certificate(new FrontPass(ANA, HOME).issue(CA, REMOTE, NOW));

    assertThat(front.read(pass, NOW.plus(FrontPass.VALID).minusSeconds(1))).isPresent();
    assertThat(front.read(pass, NOW.plus(FrontPass.VALID))).isEmpty();
    assertThat(front.read(pass, NOW.minus(Duration.ofMinutes(2)))).isEmpty();
  }

  /** What the same CA could sign for other ends is no pass. */
  @Test
  void isAUserCertificateWithOnePrincipalAndWithoutConditions() throws Exception {
    assertThat(front.read(builder().sign(CA), NOW)).isPresent();
    assertThat(front.read(builder().principals(List.of(REMOTE, "root")).sign(CA), NOW)).isEmpty();
    assertThat(front.read(builder().principals(List.of()).sign(CA), NOW)).isEmpty();
    assertThat(front.read(builder().criticalOption("force-command", "x").sign(CA), NOW)).isEmpty();
    assertThat(front.read(builder().id("ana").sign(CA), NOW)).isEmpty();
    assertThat(front.read(filled(OpenSshCertificateBuilder.hostCertificate()).sign(CA), NOW))
        .isEmpty();
  }

  private static OpenSshCertificateBuilder builder() {
    return filled(OpenSshCertificateBuilder.userCertificate());
  }

  private static OpenSshCertificateBuilder filled(OpenSshCertificateBuilder builder) {
    return builder
        .publicKey(key().getPublic())
        .id(PublicKeyEntry.toString(ANA))
        .principals(List.of(REMOTE))
        .extension("client-address@slipway.dev", "203.0.113.7")
        .validAfter(NOW)
        .validBefore(NOW.plusSeconds(9));
  }

  private static OpenSshCertificate certificate(KeyPair pair) {
    return (OpenSshCertificate) pair.getPublic();
  }

  private static KeyPair key() {
    try {
      return KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
