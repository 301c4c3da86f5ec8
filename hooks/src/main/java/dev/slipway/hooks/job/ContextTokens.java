package dev.slipway.hooks.job;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.Leftovers;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the token of each running Job that fetches something from gitd in the Secret from which its
 * pod mounts it.
 */
public final class ContextTokens {
  private final KubernetesClient client;
  private final ApiCalls api;
  private final Leftovers leftovers;

  public ContextTokens(KubernetesClient client, ApiCalls api, Leftovers leftovers) {
    this.client = client;
    this.api = api;
    this.leftovers = leftovers;
  }

  /** Lets a Job present its token. */
  public void put(GitdConfig config, String id, String token) throws InterruptedException {
    String encoded = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8));
    patch(config, Map.of(id, encoded));
  }

  /** Forgets the token of a Job that has ended, sooner or later. */
  public void remove(GitdConfig config, String id) {
    leftovers.remove("the token of " + id, () -> patch(config, Collections.singletonMap(id, null)));
  }

  /** Forgets the tokens of Jobs that an earlier process began. */
  public void removeAll(GitdConfig config) throws InterruptedException {
    Secret secret = api.call(() -> secret(config).get());
    if (secret != null && secret.getData() != null && !secret.getData().isEmpty()) {
      Map<String, @Nullable String> none = new HashMap<>();
      secret.getData().keySet().forEach(id -> none.put(id, null));
      patch(config, none);
    }
  }

  private void patch(GitdConfig config, Map<String, ? extends @Nullable String> data)
      throws InterruptedException {
    String patch = Serialization.asJson(Map.of("data", data));
    api.call(() -> secret(config).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
  }

  private Resource<Secret> secret(GitdConfig config) {
    return client
        .secrets()
        .inNamespace(config.namespace())
        .withName(config.builder().tokenSecret());
  }
}
