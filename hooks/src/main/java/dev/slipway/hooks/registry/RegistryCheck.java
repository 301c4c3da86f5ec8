package dev.slipway.hooks.registry;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.registry.DockerConfig;
import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.crd.registry.InvalidDockerConfigException;
import dev.slipway.crd.registry.RegistryLogin;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.plan.Finding;
import dev.slipway.hooks.plan.ImageBuild;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out before a build whether its image can be pushed. Only a plain no counts: whatever else
 * is in the way may not be in the builder's, which asks again.
 */
public final class RegistryCheck {
  private static final Logger log = LoggerFactory.getLogger(RegistryCheck.class);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

  /** Where Kaniko without a login takes the identity of its node or account. */
  private static final Pattern KNOWS_ITS_NODES =
      Pattern.compile(
          ".*\\.dkr[.-]ecr(-fips)?\\..*|public\\.ecr\\.aws|(.*\\.)?gcr\\.io|.*\\.pkg\\.dev|.*\\.azurecr\\.io");

  private final KubernetesClient client;
  private final ApiCalls api;
  private final Duration patience;

  /**
   * @param patience for all images of a push together; zero asks nothing
   */
  public RegistryCheck(KubernetesClient client, ApiCalls api, Duration patience) {
    this.client = client;
    this.api = api;
    this.patience = patience;
  }

  /** The login of the Remote, as far as it could be read. */
  private record Logins(DockerConfig config, String secret) {}

  /** Why the images of these builds cannot be pushed, if that is certain. */
  public Optional<Finding> refusal(GitdConfig config, List<ImageBuild> builds)
      throws InterruptedException {
    ImageRegistry registry = config.registry();
    if (registry == null || builds.isEmpty() || patience.isZero()) {
      return Optional.empty();
    }
    @Nullable Logins logins = null;
    if (registry.credentials() != null) {
      String name = registry.credentials().secret();
      try {
        @Nullable Secret secret =
            api.call(() -> client.secrets().inNamespace(config.namespace()).withName(name).get());
        if (secret == null) {
          return Optional.of(missing(name));
        }
        logins = new Logins(read(secret, registry.credentials().key()), name);
      } catch (KubernetesClientException e) {
        log.info("The Secret {} cannot be read, so the registry is not asked", name, e);
        return Optional.empty();
      } catch (InvalidDockerConfigException e) {
        return Optional.of(
            new Finding(
                "InvalidCredentials",
                "the Secret \"%s\" holds no registry credentials, %s; kubectl create secret docker-registry makes one that does."
                    .formatted(name, e.getMessage())));
      }
    }
    try {
      return ask(registry, logins, builds, client(config.namespace(), registry));
    } catch (KubernetesClientException | GeneralSecurityException | IOException e) {
      log.info("The CA of the registry cannot be read, so it is not asked", e);
      return Optional.empty();
    }
  }

  private HttpClient client(String namespace, ImageRegistry registry)
      throws GeneralSecurityException, IOException, InterruptedException {
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (registry.insecure()) {
      http.sslContext(RegistryTrust.anybody());
    } else if (registry.ca() != null) {
      http.sslContext(RegistryTrust.with(pem(namespace, registry.ca())));
    }
    return http.build();
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
        @Nullable Secret secret =
            api.call(() -> client.secrets().inNamespace(namespace).withName(ca.name()).get());
        yield secret == null ? "" : decoded(secret, ca.key());
      }
    };
  }

  private Optional<Finding> ask(
      ImageRegistry registry, @Nullable Logins logins, List<ImageBuild> builds, HttpClient http)
      throws InterruptedException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Map<ImageLocation, Future<RegistryAnswer>> answers = new LinkedHashMap<>();
      for (ImageBuild build : builds) {
        ImageLocation image = ImageLocation.of(build.image());
        Optional<RegistryLogin> login =
            Optional.ofNullable(logins).flatMap(it -> it.config().login(image));
        if (login.isPresent() || !KNOWS_ITS_NODES.matcher(image.host()).matches()) {
          answers.computeIfAbsent(
              image,
              it ->
                  threads.submit(
                      () -> new PushPermission(http, it, login, registry.insecure()).ask()));
        }
      }
      long giveUp = System.nanoTime() + patience.toNanos();
      for (Map.Entry<ImageLocation, Future<RegistryAnswer>> each : answers.entrySet()) {
        Optional<Finding> finding =
            finding(each.getKey(), logins, answer(each.getValue(), giveUp - System.nanoTime()));
        if (finding.isPresent()) {
          return finding;
        }
      }
      return Optional.empty();
    } finally {
      threads.shutdownNow();
      http.shutdownNow();
    }
  }

  private static RegistryAnswer answer(Future<RegistryAnswer> asked, long nanos)
      throws InterruptedException {
    try {
      return asked.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return new RegistryAnswer.Unknown("no answer in time");
    } catch (ExecutionException e) {
      return new RegistryAnswer.Unknown(String.valueOf(e.getCause()));
    }
  }

  private static Optional<Finding> finding(
      ImageLocation image, @Nullable Logins logins, RegistryAnswer answer) {
    return switch (answer) {
      case RegistryAnswer.Allowed allowed -> Optional.empty();
      case RegistryAnswer.Unknown(String why) -> {
        log.info("{} was not asked about {}: {}", image.host(), image.repository(), why);
        yield Optional.empty();
      }
      case RegistryAnswer.NoRepository none ->
          Optional.of(
              new Finding(
                  "NoRepository",
                  "%s has no repository %s, and a push does not make it; create it and push again."
                      .formatted(image.host(), image.repository())));
      case RegistryAnswer.Denied(String words) ->
          Optional.of(
              new Finding(
                  "PushDenied",
                  "%s does not let builds push to %s (%s); %s."
                      .formatted(image.host(), image.repository(), words, advice(image, logins))));
    };
  }

  private static String advice(ImageLocation image, @Nullable Logins logins) {
    if (logins == null) {
      return "name a Secret with a login in spec.registry.credentials of the Remote";
    }
    if (logins.config().login(image).isPresent()) {
      return "check the login for %s in the Secret \"%s\"".formatted(image.host(), logins.secret());
    }
    return logins.config().hosts().isEmpty()
        ? "the Secret \"%s\" has no login at all, add one".formatted(logins.secret())
        : "the Secret \"%s\" has no login for it, only for %s, so add it"
            .formatted(logins.secret(), String.join(", ", logins.config().hosts()));
  }

  private static Finding missing(String secret) {
    return new Finding(
        "SecretNotFound",
        "the Secret \"%1$s\" with the registry's credentials does not exist; kubectl create secret docker-registry %1$s makes one."
            .formatted(secret));
  }

  private static DockerConfig read(Secret secret, String key) throws InvalidDockerConfigException {
    return DockerConfig.parse(decoded(secret, key));
  }

  private static String decoded(Secret secret, String key) {
    String encoded = secret.getData() == null ? "" : secret.getData().getOrDefault(key, "");
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }
}
