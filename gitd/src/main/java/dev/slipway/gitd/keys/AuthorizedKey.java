package dev.slipway.gitd.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * One key that may push and fetch.
 *
 * @param name the comment of its line, or the fingerprint when there is none
 * @param fingerprint as OpenSSH prints it, for example {@code SHA256:Qm9…}
 */
public record AuthorizedKey(PublicKey key, String name, String fingerprint) {
  private static final int RSA_MIN_BITS = 2048;
  private static final Set<String> TYPES =
      Set.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "ssh-rsa");

  /** Says in one sentence, without the key itself, why a line gives no usable key. */
  public static final class UnusableKeyException extends Exception {
    UnusableKeyException(String message) {
      super(message);
    }
  }

  /**
   * Reads one line of authorized_keys.
   *
   * @throws UnusableKeyException if there is no key in it, if its type is not accepted, or if its
   *     options restrict the key in a way that is not enforced here
   */
  public static AuthorizedKey parse(String line) throws UnusableKeyException {
    KeyLine parts = KeyLine.split(line.strip());
    String unenforced =
        parts.options().stream()
            .filter(KeyOption::restricts)
            .map(KeyOption::name)
            .findFirst()
            .orElse("");
    if (!unenforced.isEmpty()) {
      throw new UnusableKeyException(
          "its option \"%s\" is not supported, and without it the key would be let in further than meant"
              .formatted(unenforced));
    }
    if (!TYPES.contains(parts.type())) {
      throw new UnusableKeyException(
          "its type is none of " + String.join(", ", TYPES.stream().sorted().toList()));
    }
    PublicKey key = decode(parts);
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < RSA_MIN_BITS) {
      throw new UnusableKeyException("RSA keys need at least %d bits".formatted(RSA_MIN_BITS));
    }
    String fingerprint = KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    return new AuthorizedKey(
        key, parts.comment().isEmpty() ? fingerprint : parts.comment(), fingerprint);
  }

  /** The key as SSH writes it on the wire, which is what makes two keys the same. */
  static WireForm wireForm(PublicKey key) {
    ByteArrayBuffer buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(key);
    return new WireForm(java.util.HexFormat.of().formatHex(buffer.getCompactData()));
  }

  /** Comparable form of a public key. */
  record WireForm(String hex) {}

  private static PublicKey decode(KeyLine parts) throws UnusableKeyException {
    try {
      PublicKey key =
          PublicKeyEntry.parsePublicKeyEntry(parts.type() + " " + parts.data())
              .resolvePublicKey(null, java.util.Map.of(), PublicKeyEntryResolver.FAILING);
      if (!parts.type().equals(KeyUtils.getKeyType(key))) {
        throw new UnusableKeyException("its data is of another type than it says");
      }
      return key;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new UnusableKeyException("its data cannot be read as a key of type " + parts.type());
    }
  }
}
