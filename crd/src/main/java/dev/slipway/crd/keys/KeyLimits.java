package dev.slipway.crd.keys;

import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the options of a key's line leave of its rights, as sshd(8) describes them under
 * AUTHORIZED_KEYS FILE FORMAT.
 *
 * @param readOnly whether it may fetch and clone, and not push
 * @param from where it may come from; null for everywhere
 * @param expires when it ceases to be let in; null for never
 */
public record KeyLimits(
    boolean readOnly, @Nullable AddressPatterns from, @Nullable Instant expires) {

  /** A key without options. */
  public static final KeyLimits NONE = new KeyLimits(false, null, null);

  static KeyLimits of(List<KeyOption> options) throws UnusableKeyException {
    boolean readOnly = false;
    AddressPatterns from = null;
    Instant expires = null;
    for (KeyOption option : options) {
      switch (option.meaning()) {
        case MOOT -> {}
        case READ_ONLY -> readOnly = true;
        case FROM -> from = once(option, from, AddressPatterns.parse(option.value()));
        case EXPIRY -> expires = once(option, expires, KeyOption.time(option.value()));
        case NOT_ENFORCED ->
            throw new UnusableKeyException(
                "has %s, which gitd does not enforce: it would let the key in further than meant"
                    .formatted(option.described()));
      }
    }
    return new KeyLimits(readOnly, from, expires);
  }

  /** As sshd does it, where nobody could say which of the two is meant. */
  private static <T> T once(KeyOption option, @Nullable T before, T value)
      throws UnusableKeyException {
    if (before != null) {
      throw new UnusableKeyException("has %s twice".formatted(option.described()));
    }
    return value;
  }

  /** Why the key is not let in from an address at a time: the rest of a sentence about it. */
  public Optional<String> refusal(InetAddress address, Instant now) {
    if (expires != null && !now.isBefore(expires)) {
      return Optional.of("expired at " + expires);
    }
    return from == null || from.match(address)
        ? Optional.empty()
        : Optional.of("may not be used from " + address.getHostAddress());
  }
}
