package dev.slipway.demo.cluster.node.pod;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what pods refer to, always afresh. */
record ClusterObjects(KubernetesClient client) {
  /** Keys and contents; none when the Secret does not exist and may do so. */
  Map<String, byte[]> secret(String namespace, String name, @Nullable Boolean optional)
      throws ConfigError {
    return required(secret(namespace, name), optional, "secret \"" + name + "\" not found");
  }

  /** Keys and contents, when the Secret exists. */
  Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get())
        .map(ClusterObjects::contents);
  }

  private static Map<String, byte[]> contents(Secret secret) {
    return decoded(secret.getData());
  }

  private static Map<String, byte[]> decoded(@Nullable Map<String, String> data) {
    var contents = new HashMap<String, byte[]>();
    if (data != null) {
      data.forEach((key, value) -> contents.put(key, Base64.getDecoder().decode(value)));
    }
    return contents;
  }

  /** Keys and contents; none when the ConfigMap does not exist and may do so. */
  Map<String, byte[]> configMap(String namespace, String name, @Nullable Boolean optional)
      throws ConfigError {
    var found = client.configMaps().inNamespace(namespace).withName(name).get();
    return required(
        Optional.ofNullable(found).map(ClusterObjects::contents),
        optional,
        "configmap \"" + name + "\" not found");
  }

  private static Map<String, byte[]> required(
      Optional<Map<String, byte[]>> found, @Nullable Boolean optional, String otherwise)
      throws ConfigError {
    if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw new ConfigError(otherwise);
    }
    return found.orElseGet(Map::of);
  }

  private static Map<String, byte[]> contents(ConfigMap map) {
    var contents = decoded(map.getBinaryData());
    if (map.getData() != null) {
      map.getData()
          .forEach((key, value) -> contents.put(key, value.getBytes(StandardCharsets.UTF_8)));
    }
    return contents;
  }

  Optional<String> namespaceAnnotation(String namespace, String name) {
    return Optional.ofNullable(client.namespaces().withName(namespace).get())
        .map(found -> found.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(name));
  }

  /** uid of the claim, when it exists. */
  Optional<String> claimUid(String namespace, String name) {
    return Optional.ofNullable(
            client.persistentVolumeClaims().inNamespace(namespace).withName(name).get())
        .map(claim -> claim.getMetadata().getUid());
  }

  /** A new token for a pod's ServiceAccount, which ends with the pod. */
  String token(Pod pod, String account, Optional<String> audience, long seconds) {
    var request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(seconds)
            .withAudiences(audience.map(List::of).orElseGet(List::of))
            .withNewBoundObjectRef()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(pod.getMetadata().getName())
            .withUid(pod.getMetadata().getUid())
            .endBoundObjectRef()
            .endSpec()
            .build();
    return client
        .serviceAccounts()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(account)
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }
}
