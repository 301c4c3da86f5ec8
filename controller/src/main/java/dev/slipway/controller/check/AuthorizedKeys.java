package dev.slipway.controller.check;

import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the public keys that may push; a line that is none is left out and named. */
final class AuthorizedKeys {
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
        try {
          var _ = AuthorizedKey.parse(key);
          accepted.add(key);
        } catch (UnusableKeyException e) {
          refused.add("authorizedKeys[" + item + "] line " + (line + 1) + " " + e.getMessage());
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
}
