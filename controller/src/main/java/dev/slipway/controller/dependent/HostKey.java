package dev.slipway.controller.dependent;

import dev.slipway.controller.model.HostKeySecret;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;

/** The key by which clients recognise a Remote: ed25519, in OpenSSH's format. */
final class HostKey {
  private HostKey() {}

  /** Data of a host-key Secret with a new key in it. */
  static Map<String, String> generate() {
    try {
      KeyPair pair = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
      var privateKey = new ByteArrayOutputStream();
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "", null, privateKey);
      String publicKey = PublicKeyEntry.toString(pair.getPublic()) + "\n";
      return Map.of(
          HostKeySecret.PRIVATE_KEY, base64(privateKey.toByteArray()),
          HostKeySecret.PUBLIC_KEY, base64(publicKey.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot make an ed25519 key", e);
    }
  }

  /** Type and key of the public half, as known_hosts has them after the host's name. */
  static Optional<String> publicKey(Secret secret) {
    return publicKey(secret, HostKeySecret.PUBLIC_KEY);
  }

  static Optional<String> publicKey(Secret secret, String key) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(key))
        .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.US_ASCII))
        .map(HostKey::withoutComment)
        .filter(line -> !line.isEmpty());
  }

  /** A key that somebody has brought along has the name of the machine that made it behind it. */
  private static String withoutComment(String line) {
    return Stream.of(line.strip().split("\\s+")).limit(2).collect(Collectors.joining(" "));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
