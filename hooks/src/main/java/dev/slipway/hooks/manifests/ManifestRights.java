package dev.slipway.hooks.manifests;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ManifestSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Asks whether an account may do everything that applying, and taking back, may need. */
final class ManifestRights {
  private static final List<String> VERBS = List.of("get", "create", "patch", "delete");

  private final ManifestObjects objects;
  private final GitdConfig config;
  private final ManifestSettings settings;

  ManifestRights(ManifestObjects objects, GitdConfig config, ManifestSettings settings) {
    this.objects = objects;
    this.config = config;
    this.settings = settings;
  }

  /** One sentence that names all that is missing and the commands that grant it. */
  Optional<String> missing(ManifestSet set) throws InterruptedException {
    Map<String, Set<String>> missing = new TreeMap<>();
    for (Map.Entry<Manifest, KindView.Kind> each : set.manifests().entrySet()) {
      for (String verb : VERBS) {
        if (!objects.may(verb, each.getKey(), each.getValue())) {
          missing
              .computeIfAbsent(resource(each.getKey(), each.getValue()), any -> new TreeSet<>())
              .add(verb);
        }
      }
    }
    return missing.isEmpty() ? Optional.empty() : Optional.of(sentence(missing));
  }

  private String sentence(Map<String, Set<String>> missing) {
    String rights =
        missing.entrySet().stream()
            .map(each -> "%s %s".formatted(String.join(", ", each.getValue()), each.getKey()))
            .collect(Collectors.joining("; "));
    return "ServiceAccount %2$s may not %3$s in namespace %1$s. Who may grant it: kubectl create role -n %1$s %2$s-%4$s --verb=%5$s --resource=%6$s; kubectl create rolebinding -n %1$s %2$s-%4$s --role=%2$s-%4$s --serviceaccount=%1$s:%2$s."
        .formatted(
            config.namespace(),
            settings.serviceAccount(),
            rights,
            missing.keySet().iterator().next().replaceFirst("\\..*", ""),
            String.join(",", VERBS),
            String.join(",", missing.keySet()));
  }

  /** As kubectl takes it, for example {@code deployments.apps}. */
  private static String resource(Manifest manifest, KindView.Kind kind) {
    return manifest.group().isEmpty() ? kind.plural() : kind.plural() + "." + manifest.group();
  }
}
