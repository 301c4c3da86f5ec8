package dev.slipway.crd.keys;

import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An option in front of a key.
 *
 * @param name in lower case
 * @param value without its quotes; empty if there is none
 */
record KeyOption(String name, String value) {

  /** What gitd has to do about an option. */
  enum Meaning {
    /** Nothing: what it switches on or off is never on offer here. */
    MOOT,
    READ_ONLY,
    FROM,
    EXPIRY,
    /** Leaving it unenforced would let the key do more than its author meant. */
    NOT_ENFORCED
  }

  private static final Pattern PUSHES =
      Pattern.compile(
          "(\\S*/)?(git-shell( -c \"?\\$\\{?SSH_ORIGINAL_COMMAND\\}?\"?)?|git[ -]receive-pack( .*)?)");

  private static final Pattern READS =
      Pattern.compile("(\\S*/)?(git-shell -c [\"']?)?git[ -]upload-pack( .*)?");

  /** Terminals, forwarding, files of a user's home, environment. */
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
          "no-touch-required");

  /** What may be named in a message; anything else may be a secret pasted by mistake. */
  private static final Set<String> KNOWN =
      Set.of("cert-authority", "command", "expiry-time", "from", "principals", "verify-required");

  static KeyOption of(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    String value = equals < 0 ? "" : text.substring(equals + 1).strip();
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return new KeyOption(
        name.strip().toLowerCase(Locale.ROOT),
        quoted ? value.substring(1, value.length() - 1) : value);
  }

  Meaning meaning() {
    return switch (name) {
      case "read-only" -> Meaning.READ_ONLY;
      case "from" -> Meaning.FROM;
      case "expiry-time" -> Meaning.EXPIRY;
      case "command" -> command();
      default -> MOOT.contains(name) ? Meaning.MOOT : Meaning.NOT_ENFORCED;
    };
  }

  /**
   * With sshd a key that has a command can do nothing else: what lets git push there lets it push
   * here, and what only serves git's fetch makes it a key that reads. A git-shell with a command of
   * its own runs that one, whatever the client asks for.
   */
  private Meaning command() {
    if (PUSHES.matcher(value).matches()) {
      return Meaning.MOOT;
    }
    return READS.matcher(value).matches() ? Meaning.READ_ONLY : Meaning.NOT_ENFORCED;
  }

  /** Names it, unless it is none that exists. */
  String described() {
    return KNOWN.contains(name) ? "the option \"" + name + "\"" : "an unknown option";
  }

  /**
   * Reads {@code YYYYMMDD[Z]} or {@code YYYYMMDDHHMM[SS][Z]}. Without a {@code Z} sshd takes the
   * time zone of its machine, which for gitd's pod is UTC.
   */
  static Instant time(String text) throws UnusableKeyException {
    String digits = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
    try {
      LocalDateTime time =
          switch (digits.length()) {
            case 8 -> LocalDate.parse(digits, DateTimeFormatter.BASIC_ISO_DATE).atStartOfDay();
            case 12 -> LocalDateTime.parse(digits, DateTimeFormatter.ofPattern("uuuuMMddHHmm"));
            case 14 -> LocalDateTime.parse(digits, DateTimeFormatter.ofPattern("uuuuMMddHHmmss"));
            default -> throw new DateTimeException("length");
          };
      return time.toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new UnusableKeyException(
          "has an option \"expiry-time\" that is no time like 20270131 or 202701312359Z");
    }
  }
}
