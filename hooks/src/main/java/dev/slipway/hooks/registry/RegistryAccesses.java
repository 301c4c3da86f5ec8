package dev.slipway.hooks.registry;

import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.registry.DockerConfig;
import dev.slipway.crd.registry.InvalidDockerConfigException;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.plan.Finding;
import dev.slipway.hooks.registry.RegistryAccess.Logins;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Finds in the cluster what it takes to speak to the registry of a Remote. */
public final class RegistryAccesses {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final ApiCalls api;
  private @Nullable Trusting last;

  public RegistryAccesses(KubernetesClient client, ApiCalls api) {
    this.client = client;
    this.api = api;
  }

  /**
   * Whom a client trusts.
   *
   * @param ca one or several certificates as PEM; null for those of the public CAs alone
   */
  private record Trust(boolean anybody, @Nullable String ca) {}

  private record Trusting(Trust trust, HttpClient http) {}

  /** What stands in the cluster is no login; a builder could not use it either. */
  static final class NoLoginException extends Exception {
    private final transient Finding finding;

    NoLoginException(Finding finding) {
      super(finding.sentence());
      this.finding = finding;
    }

    Finding finding() {
      return finding;
    }
  }

  /**
   * Reads login and certificates anew.
   *
   * @throws IOException if they cannot be read, so that nothing can be asked
   */
  RegistryAccess open(String namespace, ImageRegistry registry)
      throws NoLoginException, IOException, InterruptedException {
    try {
      ImageRegistry.Credentials credentials = registry.credentials();
      @Nullable Logins logins = credentials == null ? null : logins(namespace, credentials);
      Target.@Nullable Source ca = registry.insecure() ? null : registry.ca();
      return new RegistryAccess(
          registry,
          logins,
          http(new Trust(registry.insecure(), ca == null ? null : pem(namespace, ca))));
    } catch (KubernetesClientException | GeneralSecurityException e) {
      throw new IOException("what it takes to ask the registry cannot be read", e);
    }
  }

  private Logins logins(String namespace, ImageRegistry.Credentials credentials)
      throws NoLoginException, InterruptedException {
    String name = credentials.secret();
    @Nullable Secret secret = secret(namespace, name);
    if (secret == null) {
      throw new NoLoginException(
          new Finding(
              "SecretNotFound",
              "the Secret \"%1$s\" with the registry's credentials does not exist; kubectl create secret docker-registry %1$s makes one."
                  .formatted(name)));
    }
    try {
      return new Logins(DockerConfig.parse(decoded(secret, credentials.key())), name);
    } catch (InvalidDockerConfigException e) {
      throw new NoLoginException(
          new Finding(
              "InvalidCredentials",
              "the Secret \"%s\" holds no registry credentials, %s; kubectl create secret docker-registry makes one that does."
                  .formatted(name, e.getMessage())));
    }
  }

  /** Empty where the object or its key is gone, which is no certificate either. */
  private String pem(String namespace, Target.Source ca) throws InterruptedException {
    return switch (ca.kind()) {
      case ConfigMap -> {
        @Nullable ConfigMap map =
            api.call(() -> client.configMaps().inNamespace(namespace).withName(ca.name()).get());
        yield map == null || map.getData() == null ? "" : map.getData().getOrDefault(ca.key(), "");
      }
      case Secret -> {
        @Nullable Secret secret = secret(namespace, ca.name());
        yield secret == null ? "" : decoded(secret, ca.key());
      }
    };
  }

  /** One for as long as it is right: the first request of a client takes long. */
  private synchronized HttpClient http(Trust trust) throws GeneralSecurityException, IOException {
    if (last == null || !last.trust().equals(trust)) {
      if (last != null) {
        last.http().shutdown();
      }
      last = new Trusting(trust, client(trust));
    }
    return last.http();
  }

  private static HttpClient client(Trust trust) throws GeneralSecurityException, IOException {
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (trust.anybody()) {
      http.sslContext(RegistryTrust.anybody());
    } else if (trust.ca() != null) {
      http.sslContext(RegistryTrust.with(trust.ca()));
    }
    return http.build();
  }

  private @Nullable Secret secret(String namespace, String name) throws InterruptedException {
    return api.call(() -> client.secrets().inNamespace(namespace).withName(name).get());
  }

  private static String decoded(Secret secret, String key) {
    String encoded = secret.getData() == null ? "" : secret.getData().getOrDefault(key, "");
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }
}
