package dev.slipway.controller.check;

import static dev.slipway.controller.check.WrittenTargets.orEmpty;

import dev.slipway.controller.resolve.References;
import dev.slipway.crd.KeysFrom;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.gitd.Target.Source.Kind;
import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the public keys that may come in; a line that is none is left out and named. */
public final class AuthorizedKeys {
  /** A private key pasted by mistake has dozens of lines, all of them wrong. */
  private static final int NAMED_LINES = 5;

  private final Map<String, AuthorizedKey> accepted = new LinkedHashMap<>();
  private final List<String> refused = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  private AuthorizedKeys() {}

  /** The names of the objects of one kind that hold keys. */
  public static Set<String> sourceNames(RemoteSpec spec, Kind kind) {
    return orEmpty(spec.authorizedKeysFrom()).stream()
        .map(from -> name(ref(from, kind)))
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  static Checked<Map<String, AuthorizedKey>> check(RemoteSpec spec, References references) {
    var keys = new AuthorizedKeys();
    List<@Nullable String> items = orEmpty(spec.authorizedKeys());
    for (int i = 0; i < items.size(); i++) {
      String text = items.get(i);
      keys.read("authorizedKeys[" + i + "]", text == null ? "" : text, false);
    }
    List<KeysFrom> sources = orEmpty(spec.authorizedKeysFrom());
    for (int i = 0; i < sources.size(); i++) {
      keys.read("authorizedKeysFrom[" + i + "]", sources.get(i), references);
    }
    return keys.checked();
  }

  private void read(String where, KeysFrom source, References references) {
    if ((source.secretRef() == null) == (source.configMapRef() == null)) {
      findings.add(
          Finding.minor("NoKeySource", where + " needs one of secretRef and configMapRef."));
      return;
    }
    Kind kind = source.secretRef() == null ? Kind.ConfigMap : Kind.Secret;
    KeysFrom.Ref ref = ref(source, kind);
    String object = "%s \"%s\"".formatted(kind, name(ref));
    Map<String, String> texts = references.keyTexts(kind).get(name(ref));
    if (texts == null) {
      findings.add(
          Finding.minor(
              "KeySourceNotFound",
              "%s: %s does not exist in this namespace: create it.".formatted(where, object)));
      return;
    }
    String key = ref == null ? "" : Texts.orEmpty(ref.key());
    if (!key.isEmpty() && !texts.containsKey(key)) {
      findings.add(
          Finding.minor(
              "KeySourceNotFound", "%s: %s has no key \"%s\".".formatted(where, object, key)));
      return;
    }
    new TreeMap<>(texts)
        .forEach(
            (name, text) -> {
              if (key.isEmpty() || key.equals(name)) {
                read(
                    "%s, %s key \"%s\"".formatted(where, object, name),
                    text,
                    Boolean.TRUE.equals(source.readOnly()));
              }
            });
  }

  private void read(String where, String text, boolean readOnly) {
    List<String> lines = text.lines().toList();
    for (int line = 0; line < lines.size(); line++) {
      String written = Texts.unquoted(lines.get(line));
      if (written.isEmpty() || written.startsWith("#")) {
        continue;
      }
      String key = readOnly ? AuthorizedKey.readOnly(written) : written;
      try {
        accepted.put(key, AuthorizedKey.parse(key));
      } catch (UnusableKeyException e) {
        refused.add(where + " line " + (line + 1) + " " + e.getMessage());
      }
    }
  }

  private Checked<Map<String, AuthorizedKey>> checked() {
    if (accepted.isEmpty()) {
      findings.add(
          Finding.blocking(
              "NoKeys",
              "Nobody can push: add a public key in OpenSSH format to spec.authorizedKeys."));
    }
    if (!refused.isEmpty()) {
      findings.add(Finding.minor("KeysLeftOut", leftOut(refused)));
    }
    return new Checked<>(
        Collections.unmodifiableMap(accepted),
        new Verdict(Topic.KeysAccepted, List.copyOf(findings), good()));
  }

  private String good() {
    long readOnly = accepted.values().stream().filter(it -> it.limits().readOnly()).count();
    long pushing = accepted.size() - readOnly;
    return (pushing == 1 ? "1 key may push" : pushing + " keys may push")
        + (readOnly == 0 ? "." : ", " + readOnly + " may only fetch.");
  }

  private static KeysFrom.@Nullable Ref ref(KeysFrom from, Kind kind) {
    return switch (kind) {
      case Secret -> from.secretRef();
      case ConfigMap -> from.configMapRef();
    };
  }

  private static String name(KeysFrom.@Nullable Ref ref) {
    return ref == null ? "" : Texts.orEmpty(ref.name());
  }

  private static String leftOut(List<String> refused) {
    String named = String.join("; ", refused.subList(0, Math.min(NAMED_LINES, refused.size())));
    int more = refused.size() - NAMED_LINES;
    return "Left out: " + named + (more > 0 ? "; and " + more + " more lines." : ".");
  }
}
