package dev.slipway.gitd.keys;

import dev.slipway.crd.gitd.GitdConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Front's word for a pusher, as an OpenSSH user certificate: short-lived, for one Remote, signed by
 * front's CA, with the pusher's own public key as its key id. It says who knocks and never that the
 * key may push: that is for gitd's current keys to say.
 *
 * @param pusher the key that the pusher offered to front
 * @param client the address that the pusher connects from
 */
public record FrontPass(PublicKey pusher, InetAddress client) {
  private static final Logger log = LoggerFactory.getLogger(FrontPass.class);

  /** Long enough to open a connection with, short enough to be worth nothing when found. */
  static final Duration VALID = Duration.ofMinutes(1);

  /** How far the clocks of two nodes may be apart. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final String CLIENT = "client-address@slipway.dev";

  /**
   * Certifies a new key.
   *
   * @param ca front's CA, ed25519
   * @param remote {@code <namespace>/<name>}
   * @return the certificate and the private key that it is about
   */
  public KeyPair issue(KeyPair ca, String remote, Instant now) throws IOException {
    try {
      KeyPair own = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
      OpenSshCertificate certificate =
          OpenSshCertificateBuilder.userCertificate()
              .publicKey(own.getPublic())
              .id(PublicKeyEntry.toString(pusher))
              .principals(List.of(remote))
              .extension(CLIENT, client.getHostAddress())
              .validAfter(now.minus(SKEW))
              .validBefore(now.plus(VALID))
              .sign(ca);
      return new KeyPair(certificate, own.getPrivate());
    } catch (Exception e) {
      throw new IOException("cannot certify a pusher's key", e);
    }
  }

  /**
   * The front whose passes count.
   *
   * @param ca public key of its CA
   * @param remote the one Remote that a pass must be for, {@code <namespace>/<name>}
   */
  public record Issuer(PublicKey ca, String remote) {

    /** The issuer that a config names, if it names a usable one. */
    public static Optional<Issuer> of(GitdConfig config) {
      String line = config.frontCa();
      if (line == null) {
        return Optional.empty();
      }
      try {
        return Optional.of(new Issuer(parse(line), config.namespace() + "/" + config.name()));
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        log.atError().addKeyValue("cause", e.toString()).log("frontCa is no public key");
        return Optional.empty();
      }
    }

    /**
     * What a certificate says, if it is a pass of this issuer, for this Remote, and still valid.
     */
    public Optional<FrontPass> read(OpenSshCertificate certificate, Instant now) {
      try {
        Optional<String> flaw = flaw(certificate, now);
        if (flaw.isEmpty()) {
          return Optional.of(
              new FrontPass(
                  parse(certificate.getId()),
                  InetAddress.ofLiteral(certificate.getExtensionsMap().getOrDefault(CLIENT, ""))));
        }
        log.atWarn().addKeyValue("remote", remote).addKeyValue("flaw", flaw.get()).log("no pass");
      } catch (Exception e) {
        log.atWarn().addKeyValue("cause", e.toString()).log("no pass");
      }
      return Optional.empty();
    }

    private Optional<String> flaw(OpenSshCertificate certificate, Instant now) throws Exception {
      if (certificate.getType() != OpenSshCertificate.Type.USER) {
        return Optional.of("not a user certificate");
      }
      if (!KeyUtils.compareKeys(certificate.getCaPubKey(), ca) || !isSigned(certificate)) {
        return Optional.of("not signed by front");
      }
      if (!List.copyOf(certificate.getPrincipals()).equals(List.of(remote))) {
        return Optional.of("for another Remote");
      }
      if (!certificate.getCriticalOptions().isEmpty()) {
        return Optional.of("critical options that are not known here");
      }
      return OpenSshCertificate.isValidAt(certificate, now)
          ? Optional.empty()
          : Optional.of("not valid at this time");
    }

    private boolean isSigned(OpenSshCertificate certificate) throws Exception {
      Signature signature = BuiltinSignatures.ed25519.create();
      signature.initVerifier(null, ca);
      signature.update(null, certificate.getMessage());
      return signature.verify(null, certificate.getSignature());
    }
  }

  private static PublicKey parse(String line) throws IOException, GeneralSecurityException {
    return PublicKeyEntry.parsePublicKeyEntry(line)
        .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
  }
}
