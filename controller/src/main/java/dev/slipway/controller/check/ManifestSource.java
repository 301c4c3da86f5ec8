package dev.slipway.controller.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.controller.check.HelmValues.InvalidValuesException;
import dev.slipway.controller.model.Names;
import dev.slipway.controller.resolve.References;
import dev.slipway.crd.Helm;
import dev.slipway.crd.Manifests;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.RepositoryPath;
import dev.slipway.crd.gitd.ManifestSettings;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads where the manifests are, and whether there is the account that applies them. */
public final class ManifestSource {
  private ManifestSource() {}

  /** Whether a push applies anything from the repository. */
  static boolean isGiven(RemoteSpec spec) {
    return spec.manifests() != null && !Texts.orEmpty(spec.manifests().path()).isEmpty();
  }

  /** The ServiceAccount whose rights manifests are applied with, if any are. */
  public static Optional<String> serviceAccount(ObjectMeta remote, RemoteSpec spec) {
    Manifests manifests = spec.manifests();
    if (manifests == null || !isGiven(spec)) {
      return Optional.empty();
    }
    String written = Texts.orEmpty(manifests.serviceAccountName());
    return Optional.of(written.isEmpty() ? remote.getName() + "-manifests" : written);
  }

  /** What is wrong with the values of a chart; every push is refused with it. */
  static Optional<String> invalidValues(RemoteSpec spec) {
    try {
      HelmValues.read(writtenValues(spec));
      return Optional.empty();
    } catch (InvalidValuesException e) {
      return Optional.of("spec.manifests.helm.values %s: correct it.".formatted(e.getMessage()));
    }
  }

  static Checked<Optional<ManifestSettings>> check(
      ObjectMeta remote, RemoteSpec spec, References references) {
    Manifests manifests = spec.manifests();
    Optional<String> account = serviceAccount(remote, spec);
    if (manifests == null || account.isEmpty()) {
      return new Checked<>(
          Optional.empty(),
          new Verdict(Topic.ManifestsAllowed, List.of(), "A push applies no manifests."));
    }
    List<Finding> findings = new ArrayList<>(existence(remote, account.get(), references));
    ManifestSettings settings =
        new ManifestSettings(
            path(Texts.orEmpty(manifests.path()), findings),
            release(manifests.helm()),
            values(spec),
            account.get(),
            Boolean.TRUE.equals(manifests.prune()),
            Boolean.TRUE.equals(manifests.forceConflicts()));
    String good =
        "A push applies what is in %s, with the rights of ServiceAccount %s."
            .formatted(
                settings.path().isEmpty() ? "the repository" : settings.path(), account.get());
    return new Checked<>(
        Optional.of(settings), new Verdict(Topic.ManifestsAllowed, findings, good));
  }

  /** What is wrong when gitd has no right to act as the account, and how that is granted. */
  public static Finding mayNotActAs(ObjectMeta remote, String account) {
    return Finding.missing(
        "MayNotActAs",
        "gitd may not act as ServiceAccount %2$s. Who may grant it: kubectl create role -n %1$s %2$s-token --verb=create --resource=serviceaccounts/token --resource-name=%2$s; kubectl create rolebinding -n %1$s %2$s-token --role=%2$s-token --serviceaccount=%1$s:%3$s."
            .formatted(remote.getNamespace(), account, Names.of(remote.getName()).gitd()));
  }

  private static List<Finding> existence(ObjectMeta remote, String account, References references) {
    return references.serviceAccounts().contains(account)
        ? List.of()
        : List.of(
            Finding.missing(
                "ServiceAccountNotFound",
                "ServiceAccount %2$s does not exist: kubectl create serviceaccount -n %1$s %2$s, and give it the rights that the manifests need, for example: kubectl create rolebinding -n %1$s %2$s --clusterrole=edit --serviceaccount=%1$s:%2$s."
                    .formatted(remote.getNamespace(), account)));
  }

  /** As it was written when it is no path inside a repository: gitd then refuses each push. */
  private static String path(String written, List<Finding> findings) {
    try {
      return RepositoryPath.parse(written).value();
    } catch (RepositoryPath.InvalidPathException e) {
      findings.add(Finding.blocking("InvalidPath", "spec.manifests.path: " + e.getMessage() + "."));
      return written;
    }
  }

  private static @Nullable String release(@Nullable Helm helm) {
    String release = helm == null ? "" : Texts.orEmpty(helm.release());
    return release.isEmpty() ? null : release;
  }

  private static JsonNode values(RemoteSpec spec) {
    try {
      return HelmValues.read(writtenValues(spec));
    } catch (InvalidValuesException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  private static @Nullable JsonNode writtenValues(RemoteSpec spec) {
    Manifests manifests = spec.manifests();
    return manifests == null || manifests.helm() == null ? null : manifests.helm().values();
  }
}
