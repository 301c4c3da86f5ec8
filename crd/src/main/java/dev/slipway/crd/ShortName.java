package dev.slipway.crd;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names that fit: what is too long is cut and ends in a hash of the whole, so that two long names
 * that begin alike stay apart.
 */
public final class ShortName {
  /** Characters in a label value, and in the name of a Service. */
  public static final int LIMIT = 63;

  private ShortName() {}

  /**
   * A Remote's name as the value of a label. Controller and gitd must agree on it: the
   * NetworkPolicy of one selects the build pods of the other by it.
   */
  public static String labelValue(String name) {
    return name.length() <= LIMIT ? name : shortened(name, LIMIT);
  }

  /** The text cut to {@code limit} characters, the last of them a hash of the whole text. */
  public static String shortened(String text, int limit) {
    String hash = hash(text);
    return text.substring(0, Math.min(text.length(), limit - hash.length() - 1)) + "-" + hash;
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 5);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
