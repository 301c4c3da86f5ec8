package dev.slipway.controller.check;

import dev.slipway.controller.resolve.FoundConfigMap;
import dev.slipway.controller.resolve.FoundLogins;
import dev.slipway.controller.resolve.FoundSecret;
import dev.slipway.controller.resolve.References;
import dev.slipway.crd.BuildArg.ValueFrom;
import dev.slipway.crd.KeyRef;
import dev.slipway.crd.Registry;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.Target.Source;
import dev.slipway.crd.registry.ImageLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads where images go, and whether what is needed to bring them there is in the cluster. */
final class Registries {
  /** Host, port and path as in the reference grammar of the OCI distribution specification. */
  private static final Pattern PREFIX =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?"
              + "(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

  /** The path of Docker Hub's API, which is in the keys of credentials. */
  private static final Pattern API_PATH = Pattern.compile("library/x|v[12]/x");

  private final RemoteSpec spec;
  private final References references;
  private final Optional<Registry> fallback;
  private final List<Finding> findings = new ArrayList<>();

  private Registries(RemoteSpec spec, References references, Optional<Registry> fallback) {
    this.spec = spec;
    this.references = references;
    this.fallback = fallback;
  }

  /**
   * Reads and checks.
   *
   * @param fallback for Remotes that name no registry
   */
  static Checked<Optional<ImageRegistry>> check(
      RemoteSpec spec, References references, Optional<Registry> fallback) {
    return new Registries(spec, references, fallback).check();
  }

  private Checked<Optional<ImageRegistry>> check() {
    Registry written = spec.registry();
    String own = written == null ? "" : Texts.orEmpty(written.url());
    if (own.isEmpty() && WrittenTargets.workloads(spec).isEmpty()) {
      return new Checked<>(Optional.empty(), verdict("Nothing is built, so none is needed."));
    }
    Registry registry = own.isEmpty() ? fallback.orElse(null) : written;
    if (registry == null) {
      return unusable(
          "NoRegistry",
          "Images have nowhere to go: set spec.registry.url, for example docker.io/user, or start"
              + " the controller with --default-registry.");
    }
    String url = Texts.orEmpty(registry.url());
    String from = own.isEmpty() ? "the controller's --default-registry" : "spec.registry.url";
    Optional<String> prefix = prefix(from, url);
    if (prefix.isEmpty()) {
      return new Checked<>(Optional.empty(), verdict(""));
    }
    String pullUrl = written == null ? "" : Texts.orEmpty(written.pullUrl());
    if (pullUrl.isEmpty()) {
      pullUrl = Texts.orEmpty(registry.pullUrl());
    }
    ImageRegistry found =
        new ImageRegistry(
            prefix.get(),
            pullUrl.isEmpty()
                ? prefix.get()
                : prefix("spec.registry.pullUrl", pullUrl).orElse(prefix.get()),
            RegistryReferences.credentials(spec)
                .map(secret -> credentials(secret, ImageLocation.of(prefix.get() + "/x").host()))
                .orElse(null),
            pullSecret(),
            RegistryReferences.ca(spec).flatMap(this::ca).orElse(null),
            Boolean.TRUE.equals(registry.insecure())
                || url.regionMatches(true, 0, "http://", 0, 7));
    return new Checked<>(Optional.of(found), verdict(good(found, own.isEmpty())));
  }

  private static String good(ImageRegistry registry, boolean isDefault) {
    return "Images go to %s%s%s."
        .formatted(
            registry.prefix(),
            isDefault ? ", the default of the cluster" : "",
            registry.pullPrefix().equals(registry.prefix())
                ? ""
                : ", and are pulled from " + registry.pullPrefix());
  }

  /** Without what people write around it by mistake. */
  private Optional<String> prefix(String from, String url) {
    String prefix = url.replaceFirst("^[A-Za-z]+://", "").replaceFirst("/+$", "");
    if (!PREFIX.matcher(prefix).matches()) {
      findings.add(
          Finding.blocking(
              "InvalidRegistryUrl",
              "%s \"%s\" is no prefix of an image name: give a host, a port if needed, and a path in lower case."
                  .formatted(from, url)));
      return Optional.empty();
    }
    ImageLocation image = ImageLocation.of(prefix + "/x");
    if (image.host().equals(ImageLocation.DOCKER_HUB)
        && API_PATH.matcher(image.repository()).matches()) {
      findings.add(
          Finding.blocking(
              "NoDockerHubUser",
              "%s \"%s\" leads to Docker Hub and names nobody there: write docker.io/<user>."
                  .formatted(from, url)));
    }
    return Optional.of(prefix);
  }

  /** Named also when it is missing: without it a build would try to push anonymously. */
  private ImageRegistry.Credentials credentials(String secret, String host) {
    Optional<FoundSecret> found = registrySecret(secret, "the registry's credentials");
    found.ifPresent(it -> checkLogin(secret, it.logins(), host));
    return new ImageRegistry.Credentials(
        secret, FoundSecret.registryKey(found.map(FoundSecret::type).orElse("")));
  }

  private @Nullable String pullSecret() {
    Optional<String> name = RegistryReferences.pullSecret(spec);
    name.ifPresent(it -> registrySecret(it, "what nodes pull images with"));
    return name.orElse(null);
  }

  private Optional<FoundSecret> registrySecret(String secret, String with) {
    @Nullable FoundSecret found = references.secrets().get(secret);
    if (found == null) {
      findings.add(
          Finding.missing(
              "SecretNotFound",
              "The Secret \"%s\" with %s does not exist: kubectl create secret docker-registry %s makes one."
                  .formatted(secret, with, secret)));
      return Optional.empty();
    }
    if (!found.type().equals(FoundSecret.DOCKER_CFG)
        && !found.type().equals(FoundSecret.DOCKER_CONFIG_JSON)) {
      findings.add(
          Finding.blocking(
              "WrongSecretType",
              "The Secret \"%s\" has the type %s: registry credentials need %s or %s."
                  .formatted(
                      secret,
                      found.type(),
                      FoundSecret.DOCKER_CONFIG_JSON,
                      FoundSecret.DOCKER_CFG)));
      return Optional.empty();
    }
    return Optional.of(found);
  }

  private void checkLogin(String secret, FoundLogins logins, String host) {
    if (!logins.problem().isEmpty()) {
      findings.add(
          Finding.blocking(
              "InvalidCredentials",
              "The Secret \"%s\" holds no registry credentials, %s: kubectl create secret docker-registry makes one that does."
                  .formatted(secret, logins.problem())));
    } else if (!logins.hosts().contains(host)) {
      findings.add(Finding.blocking("NoLoginForRegistry", noLogin(secret, logins, host)));
    }
  }

  private static String noLogin(String secret, FoundLogins logins, String host) {
    if (!logins.helpers().isEmpty()) {
      return "The Secret \"%s\" has no user and password for %s: they are with the credential helper %s, which builds do not have; kubectl create secret docker-registry --docker-server=%s puts them in."
          .formatted(secret, host, String.join(", ", logins.helpers()), host);
    }
    String there =
        logins.hosts().isEmpty()
            ? "it has no login at all"
            : "it has one for " + String.join(", ", logins.hosts());
    return "The Secret \"%s\" has no login for %s, where images go; %s: add it, or correct spec.registry.url."
        .formatted(secret, host, there);
  }

  private Optional<Source> ca(ValueFrom from) {
    KeyRef secret = from.secretKeyRef();
    KeyRef configMap = from.configMapKeyRef();
    if ((secret == null) == (configMap == null)) {
      findings.add(
          Finding.blocking(
              "NoSource", "spec.registry.caFrom needs one of secretKeyRef and configMapKeyRef."));
      return Optional.empty();
    }
    if (secret != null) {
      @Nullable FoundSecret found = references.secrets().get(Texts.orEmpty(secret.name()));
      return key(Source.Kind.Secret, secret, found == null ? null : found.keys());
    }
    if (configMap == null) {
      return Optional.empty();
    }
    @Nullable FoundConfigMap found = references.configMaps().get(Texts.orEmpty(configMap.name()));
    return key(Source.Kind.ConfigMap, configMap, found == null ? null : found.keys());
  }

  private Optional<Source> key(Source.Kind kind, KeyRef ref, @Nullable Set<String> there) {
    String name = Texts.orEmpty(ref.name());
    String key = Texts.orEmpty(ref.key());
    if (there != null && there.contains(key)) {
      return Optional.of(new Source(kind, name, key));
    }
    if (!Boolean.TRUE.equals(ref.optional())) {
      findings.add(
          Finding.missing(
              "CaNotFound",
              "spec.registry.caFrom: there is no %s \"%s\" with a key \"%s\" in this namespace: create it."
                  .formatted(kind, name, key)));
    }
    return Optional.empty();
  }

  private Checked<Optional<ImageRegistry>> unusable(String reason, String message) {
    findings.add(Finding.blocking(reason, message));
    return new Checked<>(Optional.empty(), verdict(""));
  }

  private Verdict verdict(String good) {
    return new Verdict(Topic.RegistryReady, findings, good);
  }
}
