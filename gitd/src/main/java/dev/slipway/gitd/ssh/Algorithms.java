package dev.slipway.gitd.ssh;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.common.BuiltinFactory;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.DHFactory;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;

/**
 * What the server offers in key exchange, in order of preference: what OpenSSH 9 and 10 prefer, and
 * nothing with SHA-1, CBC or finite-field groups. Strict key exchange, MINA's default, keeps
 * ChaCha20 and encrypt-then-MAC safe from Terrapin (CVE-2023-48795).
 */
public final class Algorithms {
  /** For which the JDK uses what processors have for them. */
  private static final List<BuiltinCiphers> FAST_CIPHERS =
      List.of(BuiltinCiphers.aes128gcm, BuiltinCiphers.aes256gcm);

  static {
    // Read when MINA is asked for the first algorithm.
    System.setProperty(SecurityUtils.SECURITY_PROVIDER_REGISTRARS, Ed25519.class.getName());
  }

  private Algorithms() {}

  /**
   * Has MINA find out in the background what of it this JVM can do, while the client of the API is
   * made: a start needs both.
   */
  public static void prepare() {
    Thread.startVirtualThread(
        () -> {
          var _ = keyExchanges();
          var _ = signatures();
        });
  }

  static List<KeyExchangeFactory> keyExchanges() {
    return keyExchanges(ServerBuilder.DH2KEX);
  }

  private static List<KeyExchangeFactory> keyExchanges(
      Function<DHFactory, KeyExchangeFactory> side) {
    return NamedFactory.setUpTransformedFactories(
        false,
        List.of(
            BuiltinDHFactories.mlkem768x25519,
            BuiltinDHFactories.sntrup761x25519,
            BuiltinDHFactories.sntrup761x25519_openssh,
            BuiltinDHFactories.curve25519,
            BuiltinDHFactories.curve25519_libssh,
            BuiltinDHFactories.ecdhp256,
            BuiltinDHFactories.ecdhp384,
            BuiltinDHFactories.ecdhp521),
        side);
  }

  static List<NamedFactory<Cipher>> ciphers() {
    return BuiltinFactory.setUpFactories(
        false,
        Stream.concat(
                FAST_CIPHERS.stream(),
                Stream.of(
                    BuiltinCiphers.cc20p1305_openssh,
                    BuiltinCiphers.aes256ctr,
                    BuiltinCiphers.aes192ctr,
                    BuiltinCiphers.aes128ctr))
            .toList());
  }

  /**
   * Offers OpenSSH's client nothing but what is fast, which all of its versions have since 2013. It
   * is the client's preference that counts (RFC 4253, 7.1), and that of OpenSSH before version 10
   * is ChaCha20, then CTR.
   */
  static SessionListener fastCiphersForOpenSsh() {
    return new SessionListener() {
      @Override
      public void sessionNegotiationOptionsCreated(
          Session session, Map<KexProposalOption, String> offer) {
        if (session.getClientVersion().contains("OpenSSH")) {
          String fast = NamedResource.getNames(FAST_CIPHERS);
          offer.put(KexProposalOption.C2SENC, fast);
          offer.put(KexProposalOption.S2CENC, fast);
        }
      }
    };
  }

  static List<NamedFactory<Mac>> macs() {
    return BuiltinFactory.setUpFactories(
        false,
        List.of(
            BuiltinMacs.hmacsha256etm,
            BuiltinMacs.hmacsha512etm,
            BuiltinMacs.hmacsha256,
            BuiltinMacs.hmacsha512));
  }

  /** For host keys and for users' keys alike; no certificates, no {@code ssh-rsa} with SHA-1. */
  public static List<NamedFactory<Signature>> signatures() {
    return BuiltinFactory.setUpFactories(
        false,
        List.of(
            BuiltinSignatures.ed25519,
            BuiltinSignatures.nistp256,
            BuiltinSignatures.nistp384,
            BuiltinSignatures.nistp521,
            BuiltinSignatures.rsaSHA512,
            BuiltinSignatures.rsaSHA256));
  }

  /** For users' keys, and for the certificates by which front vouches for them. */
  static List<NamedFactory<Signature>> signaturesAndPasses() {
    return Stream.concat(signatures().stream(), Stream.of(BuiltinSignatures.ed25519_cert)).toList();
  }

  /** A client that speaks as the server does, for front on its way to a gitd. */
  public static ClientBuilder client() {
    return ClientBuilder.builder()
        .keyExchangeFactories(keyExchanges(ClientBuilder.DH2KEX))
        .cipherFactories(ciphers())
        .macFactories(macs())
        .signatureFactories(signaturesAndPasses())
        .compressionFactories(compressions())
        .forwardingFilter(RejectAllForwardingFilter.INSTANCE);
  }

  /** None: packs are compressed already. */
  static List<NamedFactory<Compression>> compressions() {
    return List.of(BuiltinCompressions.none);
  }
}
