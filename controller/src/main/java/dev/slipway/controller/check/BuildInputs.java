package dev.slipway.controller.check;

import static dev.slipway.controller.check.WrittenTargets.orEmpty;

import dev.slipway.controller.resolve.FoundConfigMap;
import dev.slipway.controller.resolve.FoundSecret;
import dev.slipway.controller.resolve.References;
import dev.slipway.crd.BuildArg;
import dev.slipway.crd.BuildArgsFrom;
import dev.slipway.crd.BuildSecret;
import dev.slipway.crd.ContainerBuild;
import dev.slipway.crd.KeyRef;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Target.Source;
import dev.slipway.crd.gitd.Target.Source.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what builds take from Secrets and ConfigMaps, and whether it is there. Only names of keys
 * go on to gitd; the values go from the cluster straight into the build's pod.
 */
final class BuildInputs {
  /** What a Dockerfile can declare with ARG and use as a variable. */
  private static final Pattern ARG = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** It becomes a file name, and stands between commas in an argument of the builder. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  private final References references;
  private final List<Finding> findings = new ArrayList<>();
  private boolean anything;

  BuildInputs(References references) {
    this.references = references;
  }

  /** What one build gets, as far as it is there; {@code missing} names the rest. */
  record Inputs(
      List<Target.BuildArg> args,
      List<Target.BuildSecret> secrets,
      String version,
      List<String> missing) {}

  /**
   * Reads those of one container.
   *
   * @param where the container in the spec
   */
  Inputs of(String where, ContainerBuild build) {
    return new OneBuild(where).read(build);
  }

  /**
   * Reads the variables of a hook.
   *
   * @param where they stand in the spec
   */
  Inputs variables(String where, List<BuildArg> written) {
    var one = new OneBuild(where);
    return new Inputs(one.args(where, written), List.of(), one.version(), List.copyOf(one.missing));
  }

  /** What was found so far. */
  List<Finding> findings() {
    return findings;
  }

  /** What was found about all containers that were asked for. */
  Verdict verdict() {
    return new Verdict(
        Topic.BuildInputsFound,
        findings,
        anything
            ? "Everything that builds take from Secrets and ConfigMaps is there."
            : "No build takes anything from a Secret or ConfigMap.");
  }

  /** Reads the inputs of one build. */
  private final class OneBuild {
    private final String where;
    private final List<String> missing = new ArrayList<>();
    private final SortedMap<String, String> versions = new TreeMap<>();

    OneBuild(String where) {
      this.where = where;
    }

    Inputs read(ContainerBuild build) {
      List<Target.BuildArg> own = args(where + ".buildArgs", orEmpty(build.buildArgs()));
      Map<String, Source> all = argsFrom(orEmpty(build.buildArgsFrom()));
      own.forEach(arg -> all.remove(arg.name()));
      List<Target.BuildArg> args = new ArrayList<>();
      all.forEach((name, source) -> args.add(Target.BuildArg.from(name, source)));
      args.addAll(own);
      List<Target.BuildSecret> secrets = secrets(orEmpty(build.buildSecrets()));
      anything |= !secrets.isEmpty() || args.stream().anyMatch(arg -> arg.valueFrom() != null);
      return new Inputs(List.copyOf(args), secrets, version(), List.copyOf(missing));
    }

    private List<Target.BuildArg> args(String list, List<BuildArg> written) {
      List<Target.BuildArg> args = new ArrayList<>();
      for (int i = 0; i < written.size(); i++) {
        String here = list + "[" + i + "]";
        BuildArg arg = written.get(i);
        String name = arg.name();
        String value = arg.value() == null ? "" : arg.value();
        BuildArg.ValueFrom from = arg.valueFrom();
        if (name == null || name.isEmpty()) {
          findings.add(Finding.minor("NoName", here + " has no name and is left out."));
        } else if (from == null) {
          args.add(Target.BuildArg.of(name, value));
        } else if (!value.isEmpty()) {
          problem("TwoSources", here + " has both value and valueFrom: keep one of them.");
        } else {
          source(here + ".valueFrom", from)
              .ifPresent(source -> args.add(Target.BuildArg.from(name, source)));
        }
      }
      return args;
    }

    private Optional<Source> source(String here, BuildArg.ValueFrom from) {
      KeyRef secret = from.secretKeyRef();
      KeyRef configMap = from.configMapKeyRef();
      if ((secret == null) == (configMap == null)) {
        problem("NoSource", here + " needs one of secretKeyRef and configMapKeyRef.");
        return Optional.empty();
      }
      return secret != null
          ? key(here, Kind.Secret, secret)
          : configMap != null ? key(here, Kind.ConfigMap, configMap) : Optional.empty();
    }

    private Optional<Source> key(String here, Kind kind, KeyRef ref) {
      String name = Texts.orEmpty(ref.name());
      String key = Texts.orEmpty(ref.key());
      if (name.isEmpty() || key.isEmpty()) {
        problem("NoName", here + " needs the name of a " + kind + " and a key in it.");
        return Optional.empty();
      }
      boolean optional = Boolean.TRUE.equals(ref.optional());
      Optional<Set<String>> keys = keys(here, kind, name, optional);
      if (keys.isPresent() && !keys.get().contains(key)) {
        if (!optional) {
          missing(
              "KeyNotFound",
              "%s \"%s\", which %s takes a value from, has no key \"%s\": add it."
                  .formatted(kind, name, here, key));
        }
        return Optional.empty();
      }
      return keys.map(there -> new Source(kind, name, key));
    }

    private Optional<Set<String>> keys(String here, Kind kind, String name, boolean optional) {
      @Nullable Found found = existing(kind, name);
      if (found == null && !optional) {
        missing(
            kind + "NotFound",
            "%s \"%s\", which %s takes a value from, does not exist in this namespace: create it."
                .formatted(kind, name, here));
      }
      if (found == null) {
        return Optional.empty();
      }
      versions.put(kind + "/" + name, found.version());
      return Optional.of(found.keys());
    }

    private Map<String, Source> argsFrom(List<BuildArgsFrom> written) {
      Map<String, Source> args = new LinkedHashMap<>();
      for (int i = 0; i < written.size(); i++) {
        String here = where + ".buildArgsFrom[" + i + "]";
        BuildArgsFrom from = written.get(i);
        BuildArgsFrom.Ref secret = from.secretRef();
        BuildArgsFrom.Ref configMap = from.configMapRef();
        String prefix = from.prefix() == null ? "" : from.prefix().strip();
        if ((secret == null) == (configMap == null)) {
          problem("NoSource", here + " needs one of secretRef and configMapRef.");
        } else if (secret != null) {
          args.putAll(all(here, Kind.Secret, secret, prefix));
        } else if (configMap != null) {
          args.putAll(all(here, Kind.ConfigMap, configMap, prefix));
        }
      }
      return args;
    }

    private Map<String, Source> all(String here, Kind kind, BuildArgsFrom.Ref ref, String prefix) {
      String name = Texts.orEmpty(ref.name());
      if (name.isEmpty()) {
        problem("NoName", here + " needs the name of a " + kind + ".");
        return Map.of();
      }
      Map<String, Source> args = new LinkedHashMap<>();
      List<String> leftOut = new ArrayList<>();
      Set<String> keys =
          keys(here, kind, name, Boolean.TRUE.equals(ref.optional())).orElse(Set.of());
      for (String key : new TreeSet<>(keys)) {
        if (ARG.matcher(prefix + key).matches()) {
          args.put(prefix + key, new Source(kind, name, key));
        } else {
          leftOut.add(prefix + key);
        }
      }
      if (!leftOut.isEmpty()) {
        findings.add(
            Finding.minor(
                "KeysLeftOut",
                "%s leaves out what cannot be the name of an ARG: %s."
                    .formatted(here, String.join(", ", leftOut))));
      }
      return args;
    }

    private List<Target.BuildSecret> secrets(List<BuildSecret> written) {
      List<Target.BuildSecret> secrets = new ArrayList<>();
      Set<String> ids = new HashSet<>();
      for (int i = 0; i < written.size(); i++) {
        String here = where + ".buildSecrets[" + i + "]";
        String id = Texts.orEmpty(written.get(i).id());
        KeyRef ref = written.get(i).secretKeyRef();
        if (!ID.matcher(id).matches()) {
          problem(
              "InvalidId", here + " needs an id of letters, digits, dots, dashes and underscores.");
        } else if (!ids.add(id)) {
          problem("DuplicateId", here + " has the id \"" + id + "\" again.");
        } else if (ref == null) {
          problem("NoSource", here + " needs a secretKeyRef.");
        } else {
          key(here, Kind.Secret, ref)
              .ifPresent(it -> secrets.add(new Target.BuildSecret(id, it.name(), it.key())));
        }
      }
      return List.copyOf(secrets);
    }

    /** Of everything that something is taken from. */
    private String version() {
      return versions.isEmpty() ? "" : versions.toString();
    }

    private void problem(String reason, String sentence) {
      findings.add(Finding.blocking(reason, sentence));
      missing.add(sentence);
    }

    private void missing(String reason, String sentence) {
      findings.add(Finding.missing(reason, sentence));
      missing.add(sentence);
    }
  }

  private record Found(String version, Set<String> keys) {}

  private @Nullable Found existing(Kind kind, String name) {
    return switch (kind) {
      case Secret -> {
        @Nullable FoundSecret found = references.secrets().get(name);
        yield found == null ? null : new Found(found.version(), found.keys());
      }
      case ConfigMap -> {
        @Nullable FoundConfigMap found = references.configMaps().get(name);
        yield found == null ? null : new Found(found.version(), found.keys());
      }
    };
  }
}
