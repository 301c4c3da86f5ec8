package dev.slipway.gitd.keys;

import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import java.net.InetAddress;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * One snapshot of the keys that may come in. A key may stand on several lines, of which the one
 * that gives it most holds.
 */
public final class AuthorizedKeys {
  private final Map<WireForm, List<AuthorizedKey>> keys;
  private final List<String> refusals;

  /** A key as SSH writes it on the wire, which is what makes two keys the same. */
  private record WireForm(String hex) {
    static WireForm of(PublicKey key) {
      ByteArrayBuffer buffer = new ByteArrayBuffer();
      buffer.putRawPublicKey(key);
      return new WireForm(HexFormat.of().formatHex(buffer.getCompactData()));
    }
  }

  private AuthorizedKeys(Map<WireForm, List<AuthorizedKey>> keys, List<String> refusals) {
    this.keys = keys;
    this.refusals = List.copyOf(refusals);
  }

  /** The snapshot that lets nobody in. */
  public static AuthorizedKeys none() {
    return new AuthorizedKeys(Map.of(), List.of());
  }

  /** Reads lines of authorized_keys; a line that gives no usable key is left out. */
  public static AuthorizedKeys parse(List<String> lines) {
    Map<WireForm, List<AuthorizedKey>> keys = new LinkedHashMap<>();
    List<String> refusals = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      try {
        AuthorizedKey key = AuthorizedKey.parse(lines.get(i));
        keys.computeIfAbsent(WireForm.of(key.key()), it -> new ArrayList<>()).add(key);
      } catch (UnusableKeyException e) {
        refusals.add("key %d %s; it is left out".formatted(i + 1, e.getMessage()));
      }
    }
    return new AuthorizedKeys(keys, refusals);
  }

  /**
   * The entry with which a key is let in; a certificate is a key of its own and has none.
   *
   * @param from the address of the client
   */
  public Optional<AuthorizedKey> find(PublicKey key, InetAddress from, Instant now) {
    return keys.getOrDefault(WireForm.of(key), List.of()).stream()
        .filter(it -> it.limits().refusal(from, now).isEmpty())
        .min(Comparator.comparing(it -> it.limits().readOnly()));
  }

  /** Why a key that is listed is not let in; empty for a key that is not listed at all. */
  public Optional<String> refusal(PublicKey key, InetAddress from, Instant now) {
    return keys.getOrDefault(WireForm.of(key), List.of()).stream()
        .flatMap(it -> it.limits().refusal(from, now).stream())
        .findFirst();
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
