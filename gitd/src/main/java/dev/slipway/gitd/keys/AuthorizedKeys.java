package dev.slipway.gitd.keys;

import dev.slipway.gitd.keys.AuthorizedKey.UnusableKeyException;
import dev.slipway.gitd.keys.AuthorizedKey.WireForm;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One snapshot of the keys that may push and fetch. */
public final class AuthorizedKeys {
  private final Map<WireForm, AuthorizedKey> keys;
  private final List<String> refusals;

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
        keys.putIfAbsent(AuthorizedKey.wireForm(key.key()), key);
      } catch (UnusableKeyException e) {
        refusals.add("key %d is left out: %s".formatted(i + 1, e.getMessage()));
      }
    }
    return new AuthorizedKeys(keys, refusals);
  }

  /** The entry of a key; a certificate is a key of its own and has none. */
  public Optional<AuthorizedKey> find(PublicKey key) {
    return Optional.ofNullable(keys.get(AuthorizedKey.wireForm(key)));
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
