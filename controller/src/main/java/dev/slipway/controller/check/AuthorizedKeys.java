package dev.slipway.controller.check;

import dev.slipway.crd.RemoteSpec;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.jspecify.annotations.Nullable;

/** Reads the public keys that may push; a line that is none is left out and named. */
final class AuthorizedKeys {
  private static final Set<String> TYPES =
      Set.of(
          "ssh-ed25519",
          "ssh-rsa",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521");

  /** A private key pasted by mistake has dozens of lines, all of them wrong. */
  private static final int NAMED_LINES = 5;

  private AuthorizedKeys() {}

  static Checked<List<String>> check(RemoteSpec spec) {
    Set<String> accepted = new LinkedHashSet<>();
    List<String> refused = new ArrayList<>();
    List<@Nullable String> items =
        spec.authorizedKeys() == null ? List.of() : spec.authorizedKeys();
    for (int item = 0; item < items.size(); item++) {
      String text = items.get(item);
      List<String> lines = text == null ? List.of() : text.lines().toList();
      for (int line = 0; line < lines.size(); line++) {
        String key = Texts.unquoted(lines.get(line));
        if (key.isEmpty() || key.startsWith("#")) {
          continue;
        }
        String problem = problemOf(key);
        if (problem == null) {
          accepted.add(key);
        } else {
          refused.add("authorizedKeys[" + item + "] line " + (line + 1) + " " + problem);
        }
      }
    }
    return new Checked<>(
        List.copyOf(accepted),
        new Verdict(
            Topic.KeysAccepted,
            findings(accepted.size(), refused),
            accepted.size() == 1 ? "1 key may push." : accepted.size() + " keys may push."));
  }

  private static List<Finding> findings(int accepted, List<String> refused) {
    List<Finding> findings = new ArrayList<>();
    if (accepted == 0) {
      findings.add(
          Finding.blocking(
              "NoKeys",
              "Nobody can push: add a public key in OpenSSH format to spec.authorizedKeys."));
    }
    if (!refused.isEmpty()) {
      findings.add(Finding.minor("KeysLeftOut", leftOut(refused)));
    }
    return findings;
  }

  private static String leftOut(List<String> refused) {
    String named = String.join("; ", refused.subList(0, Math.min(NAMED_LINES, refused.size())));
    int more = refused.size() - NAMED_LINES;
    return "Left out: " + named + (more > 0 ? "; and " + more + " more lines." : ".");
  }

  /** Says what is wrong with a line without repeating it: it may be a secret pasted by mistake. */
  private static @Nullable String problemOf(String line) {
    if (line.contains("PRIVATE KEY")) {
      return "belongs to a private key: put the .pub file here, and replace that key";
    }
    AuthorizedKeyEntry entry;
    try {
      entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
    } catch (IllegalArgumentException _) {
      return "is no public key in OpenSSH format";
    }
    if (entry == null) {
      return "is no public key in OpenSSH format";
    }
    if (!TYPES.contains(entry.getKeyType())) {
      return "has a type that is not accepted: use ed25519, ecdsa or rsa";
    }
    try {
      return entry.resolvePublicKey(null, PublicKeyEntryResolver.FAILING) == null
          ? "is cut off or damaged"
          : null;
    } catch (IOException | GeneralSecurityException | RuntimeException _) {
      return "is cut off or damaged";
    }
  }
}
