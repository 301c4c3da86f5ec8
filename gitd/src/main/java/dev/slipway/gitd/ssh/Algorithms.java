package dev.slipway.gitd.ssh;

import java.util.List;
import org.apache.sshd.common.BuiltinFactory;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.server.ServerBuilder;

/**
 * What the server offers in key exchange, in order of preference: what OpenSSH 9 and 10 prefer, and
 * nothing with SHA-1, CBC or finite-field groups. Strict key exchange, MINA's default, keeps
 * ChaCha20 and encrypt-then-MAC safe from Terrapin (CVE-2023-48795).
 */
final class Algorithms {
  private Algorithms() {}

  static List<KeyExchangeFactory> keyExchanges() {
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
        ServerBuilder.DH2KEX);
  }

  static List<NamedFactory<Cipher>> ciphers() {
    return BuiltinFactory.setUpFactories(
        false,
        List.of(
            BuiltinCiphers.aes128gcm,
            BuiltinCiphers.aes256gcm,
            BuiltinCiphers.cc20p1305_openssh,
            BuiltinCiphers.aes256ctr,
            BuiltinCiphers.aes192ctr,
            BuiltinCiphers.aes128ctr));
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
  static List<NamedFactory<Signature>> signatures() {
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

  /** None: packs are compressed already. */
  static List<NamedFactory<Compression>> compressions() {
    return List.of(BuiltinCompressions.none);
  }
}
