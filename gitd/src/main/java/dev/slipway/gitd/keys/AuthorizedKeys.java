package dev.slipway.gitd.keys;

import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** One snapshot of the keys that may push and fetch. */
public final class AuthorizedKeys {
  private final Map<WireForm, AuthorizedKey> keys;
  private final List<String> refusals;

  /** A key as SSH writes it on the wire, which is what makes two keys the same. */
  private record WireForm(String hex) {
    static WireForm of(PublicKey key) {
      ByteArrayBuffer buffer = new ByteArrayBuffer();
      buffer.putRawPublicKey(key);
      return new WireForm(HexFormat.of().formatHex(buffer.getCompactData()));
    }
  }

  private AuthorizedKeys(Map<WireForm, AuthorizedKey> keys, List<String> refusals) {
    this.keys = keys;
    this.refusals = List.copyOf(refusals);
  }

  /** The snapshot that lets nobody in. */
  public static AuthorizedKeys none() {
    return new AuthorizedKeys(Map.of(), List.of());
  }

  /** Reads lines of authorized_keys; a line that gives no usable key is left out. */
  public static AuthorizedKeys parse(List<String> lines) {
    Map<WireForm, AuthorizedKey> keys = new LinkedHashMap<>();
    List<String> refusals = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      try {
        AuthorizedKey key = AuthorizedKey.parse(lines.get(i));
        keys.putIfAbsent(WireForm.of(key.key()), key);
      } catch (UnusableKeyException e) {
        refusals.add("key %d %s; it is left out".formatted(i + 1, e.getMessage()));
      }
    }
    return new AuthorizedKeys(keys, refusals);
  }

  /** The entry of a key; a certificate is a key of its own and has none. */
  public Optional<AuthorizedKey> find(PublicKey key) {
    return Optional.ofNullable(keys.get(WireForm.of(key)));
  }

  /** How many keys are let in. */
  public int size() {
    return keys.size();
  }

  /** One sentence, without key material, about each line that was left out. */
  public List<String> refusals() {
    return refusals;
  }
}
