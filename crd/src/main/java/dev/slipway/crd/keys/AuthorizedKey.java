package dev.slipway.crd.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.digest.BuiltinDigests;

/**
 * One key that may come in.
 *
 * @param name the comment of its line, or the fingerprint when there is none
 * @param fingerprint as OpenSSH prints it, for example {@code SHA256:Qm9…}
 * @param limits what its options leave of its rights
 */
public record AuthorizedKey(PublicKey key, String name, String fingerprint, KeyLimits limits) {
  private static final int RSA_MIN_BITS = 2048;
  private static final Set<String> TYPES =
      Set.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "ssh-rsa");

  /**
   * Says why a line gives no usable key: the rest of a sentence that starts with its place, without
   * anything of the line itself, which may be a secret pasted by mistake.
   */
  public static final class UnusableKeyException extends Exception {
    UnusableKeyException(String message) {
      super(message);
    }
  }

  /**
   * Reads one line of authorized_keys.
   *
   * @throws UnusableKeyException if there is no key in it, if its type is not accepted, or if its
   *     options are damaged or restrict the key in a way that is not enforced here
   */
  public static AuthorizedKey parse(String line) throws UnusableKeyException {
    if (line.contains("PRIVATE KEY")) {
      throw new UnusableKeyException(
          "belongs to a private key: put the .pub file here, and replace that key");
    }
    KeyLine parts = KeyLine.split(line.strip());
    KeyLimits limits = KeyLimits.of(parts.options());
    if (!TYPES.contains(parts.type())) {
      throw new UnusableKeyException("has a type that is not accepted: use ed25519, ecdsa or rsa");
    }
    PublicKey key = decode(parts);
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < RSA_MIN_BITS) {
      throw new UnusableKeyException(
          "is too short: RSA keys need at least %d bits".formatted(RSA_MIN_BITS));
    }
    String fingerprint = KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    return new AuthorizedKey(
        key, parts.comment().isEmpty() ? fingerprint : parts.comment(), fingerprint, limits);
  }

  /** The line as one whose key may fetch and clone, and not push. */
  public static String readOnly(String line) {
    return KeyLine.withOption("read-only", line.strip());
  }

  private static PublicKey decode(KeyLine parts) throws UnusableKeyException {
    try {
      PublicKey key =
          PublicKeyEntry.parsePublicKeyEntry(parts.type() + " " + parts.data())
              .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
      if (!parts.type().equals(KeyUtils.getKeyType(key))) {
        throw new UnusableKeyException("is not of the type that it says");
      }
      return key;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new UnusableKeyException("is cut off or damaged");
    }
  }
}
