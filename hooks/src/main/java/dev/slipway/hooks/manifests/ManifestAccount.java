package dev.slipway.hooks.manifests;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.LeanClient;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Acts as the ServiceAccount whose rights the operator has chosen for manifests, with tokens that
 * live for ten minutes, the shortest that there are.
 */
final class ManifestAccount {
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final Duration USED = Duration.ofMinutes(7);

  private final KubernetesClient gitd;
  private final Clock clock;
  private final String namespace;
  private final String account;
  private @Nullable String token;
  private Instant issued = Instant.MIN;

  private ManifestAccount(KubernetesClient gitd, Clock clock, String namespace, String account) {
    this.gitd = gitd;
    this.clock = clock;
    this.namespace = namespace;
    this.account = account;
  }

  /**
   * A client of its own, to be closed.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if gitd may not act as it, or it
   *     does not exist
   */
  static KubernetesClient client(
      KubernetesClient gitd, ApiCalls api, Clock clock, GitdConfig config, String account)
      throws InterruptedException {
    var tokens = new ManifestAccount(gitd, clock, config.namespace(), account);
    api.call(tokens::token);
    Config own = gitd.getConfiguration();
    return LeanClient.builder()
        .withConfig(
            new ConfigBuilder(Config.empty())
                .withMasterUrl(own.getMasterUrl())
                .withCaCertFile(own.getCaCertFile())
                .withCaCertData(own.getCaCertData())
                .withTrustCerts(own.isTrustCerts())
                .withDisableHostnameVerification(own.isDisableHostnameVerification())
                .withConnectionTimeout(own.getConnectionTimeout())
                .withRequestTimeout(own.getRequestTimeout())
                .withRequestRetryBackoffLimit(own.getRequestRetryBackoffLimit())
                .withNamespace(config.namespace())
                .withOauthTokenProvider(tokens::token)
                .build())
        .build();
  }

  private synchronized String token() {
    String present = token;
    if (present != null && clock.instant().isBefore(issued.plus(USED))) {
      return present;
    }
    TokenRequest request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(LIFETIME.toSeconds())
            .endSpec()
            .build();
    String fresh =
        gitd.serviceAccounts()
            .inNamespace(namespace)
            .withName(account)
            .tokenRequest(request)
            .getStatus()
            .getToken();
    token = fresh;
    issued = clock.instant();
    return fresh;
  }
}
