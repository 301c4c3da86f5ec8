package dev.slipway.controller.check;

import dev.slipway.controller.resolve.FoundSecret;
import dev.slipway.controller.resolve.References;
import dev.slipway.crd.Credentials;
import dev.slipway.crd.Registry;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.gitd.ImageRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads where images go, and whether the Secret to log in with is there. */
public final class Registries {
  /** Host, port and path as in the reference grammar of the OCI distribution specification. */
  private static final Pattern PREFIX =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?"
              + "(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

  private static final String CONFIG_JSON = "kubernetes.io/dockerconfigjson";
  private static final String CONFIG = "kubernetes.io/dockercfg";

  private Registries() {}

  /** The name of the Secret that a spec refers to. */
  public static Optional<String> secretName(RemoteSpec spec) {
    Registry registry = spec.registry();
    return registry == null || registry.credentials() == null
        ? Optional.empty()
        : secretName(registry.credentials());
  }

  private static Optional<String> secretName(Credentials credentials) {
    String ref = Texts.orEmpty(credentials.secretRef());
    if (!ref.isEmpty()) {
      return Optional.of(ref);
    }
    return Optional.ofNullable(credentials.secretKeyRef())
        .map(keyRef -> Texts.orEmpty(keyRef.name()))
        .filter(name -> !name.isEmpty());
  }

  static Checked<Optional<ImageRegistry>> check(RemoteSpec spec, References references) {
    Registry registry = spec.registry();
    String url = registry == null ? "" : Texts.orEmpty(registry.url());
    if (url.isEmpty() && WrittenTargets.workloads(spec).isEmpty()) {
      return new Checked<>(
          Optional.empty(),
          new Verdict(Topic.RegistryReady, List.of(), "Nothing is built, so none is needed."));
    }
    if (registry == null || url.isEmpty()) {
      return unusable(
          "NoRegistry",
          "Images have nowhere to go: set spec.registry.url, for example docker.io/user.");
    }
    String prefix = url.replaceFirst("^[A-Za-z]+://", "").replaceFirst("/+$", "");
    if (!PREFIX.matcher(prefix).matches()) {
      return unusable(
          "InvalidRegistryUrl",
          "spec.registry.url \""
              + url
              + "\" is no prefix of an image name: give a host, a port if needed, and a path in lower case.");
    }
    boolean insecure =
        Boolean.TRUE.equals(registry.insecure()) || url.regionMatches(true, 0, "http://", 0, 7);
    List<Finding> findings = new ArrayList<>();
    ImageRegistry.Credentials credentials =
        secretName(spec).map(secret -> credentials(secret, references, findings)).orElse(null);
    return new Checked<>(
        Optional.of(new ImageRegistry(prefix, credentials, insecure)),
        new Verdict(Topic.RegistryReady, findings, "Images go to " + prefix + "."));
  }

  /** Named also when it is missing: without it a build would try to push anonymously. */
  private static ImageRegistry.Credentials credentials(
      String secret, References references, List<Finding> findings) {
    @Nullable FoundSecret found = references.secrets().get(secret);
    @Nullable String type = found == null ? null : found.type();
    String key = CONFIG.equals(type) ? ".dockercfg" : ".dockerconfigjson";
    if (type == null) {
      findings.add(
          Finding.blocking(
              "SecretNotFound",
              "The Secret \""
                  + secret
                  + "\" with the registry's credentials does not exist: kubectl create secret docker-registry "
                  + secret
                  + " makes one."));
    } else if (!type.equals(CONFIG) && !type.equals(CONFIG_JSON)) {
      findings.add(
          Finding.blocking(
              "WrongSecretType",
              "The Secret \""
                  + secret
                  + "\" has the type "
                  + type
                  + ": registry credentials need "
                  + CONFIG_JSON
                  + " or "
                  + CONFIG
                  + "."));
    }
    return new ImageRegistry.Credentials(secret, key);
  }

  private static Checked<Optional<ImageRegistry>> unusable(String reason, String message) {
    return new Checked<>(
        Optional.empty(),
        new Verdict(Topic.RegistryReady, List.of(Finding.blocking(reason, message)), ""));
  }
}
