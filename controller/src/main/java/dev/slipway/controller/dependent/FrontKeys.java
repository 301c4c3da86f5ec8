package dev.slipway.controller.dependent;

import dev.slipway.controller.model.HostKeySecret;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;

/**
 * The public halves of front's two keys: its host key, and the CA by which gitds know it.
 *
 * @param host one line, without a comment
 * @param ca one line, without a comment
 */
public record FrontKeys(String host, String ca) {
  private static final String CA = "ca_ed25519_key";

  /**
   * Reads the Secret, which is made with new keys if there is none, and never changed. It is not
   * immutable: a kubelet keeps an immutable Secret even when it is made anew
   * (https://github.com/kubernetes/kubernetes/issues/131589), and front would go on with keys that
   * nobody trusts any more.
   */
  public static FrontKeys ensure(KubernetesClient client, String namespace, String name) {
    Resource<Secret> named = client.secrets().inNamespace(namespace).withName(name);
    Secret secret = named.get();
    if (secret == null) {
      secret = create(client, namespace, name, named);
    }
    return new FrontKeys(
        publicKey(secret, HostKeySecret.PUBLIC_KEY), publicKey(secret, CA + ".pub"));
  }

  private static Secret create(
      KubernetesClient client, String namespace, String name, Resource<Secret> named) {
    Map<String, String> data = new HashMap<>(HostKey.generate());
    Map<String, String> ca = HostKey.generate();
    data.put(CA, ca.get(HostKeySecret.PRIVATE_KEY));
    data.put(CA + ".pub", ca.get(HostKeySecret.PUBLIC_KEY));
    Secret made =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .addToLabels("app.kubernetes.io/part-of", "slipway")
            .endMetadata()
            .withType("Opaque")
            .withData(data)
            .build();
    try {
      return client.resource(made).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return named.require();
    }
  }

  private static String publicKey(Secret secret, String key) {
    return HostKey.publicKey(secret, key)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Secret \"%s\" has no %s: delete it to have new keys made"
                        .formatted(secret.getMetadata().getName(), key)));
  }
}
