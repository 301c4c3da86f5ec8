package dev.slipway.crd.keys;

import java.util.Locale;
import java.util.Set;

/**
 * An option in front of a key, as sshd(8) describes them under AUTHORIZED_KEYS FILE FORMAT.
 *
 * @param name in lower case, without its value
 */
record KeyOption(String name) {
  /**
   * What these switch on or off is never on offer here: terminals, forwarding, files of a user's
   * home, environment, and commands other than git's.
   */
  private static final Set<String> MOOT =
      Set.of(
          "restrict",
          "pty",
          "no-pty",
          "port-forwarding",
          "no-port-forwarding",
          "permitopen",
          "permitlisten",
          "tunnel",
          "agent-forwarding",
          "no-agent-forwarding",
          "x11-forwarding",
          "no-x11-forwarding",
          "user-rc",
          "no-user-rc",
          "environment",
          "command",
          "no-touch-required");

  /** What sshd(8) knows and gitd does not enforce. */
  private static final Set<String> RESTRICTING =
      Set.of("cert-authority", "expiry-time", "from", "principals", "verify-required");

  static KeyOption of(String text) {
    int equals = text.indexOf('=');
    return new KeyOption(
        (equals < 0 ? text : text.substring(0, equals)).strip().toLowerCase(Locale.ROOT));
  }

  /** Whether leaving it unenforced would let the key do more than its author meant. */
  boolean restricts() {
    return !MOOT.contains(name);
  }

  /** Names it, unless it is none that exists: then it may be anything. */
  String described() {
    return RESTRICTING.contains(name) ? "the option \"" + name + "\"" : "an unknown option";
  }
}
