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

/** Reads what pods refer to, always afresh. */
final class ClusterObjects {
  private final KubernetesClient client;

  ClusterObjects(KubernetesClient client) {
    this.client = client;
  }

  /** Keys and contents, when the Secret exists. */
  Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get())
        .map(ClusterObjects::contents);
  }

  private static Map<String, byte[]> contents(Secret secret) {
    var contents = new HashMap<String, byte[]>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach((key, value) -> contents.put(key, Base64.getDecoder().decode(value)));
    }
    return contents;
  }

  /** Keys and contents, when the ConfigMap exists. */
  Optional<Map<String, byte[]>> configMap(String namespace, String name) {
    return Optional.ofNullable(client.configMaps().inNamespace(namespace).withName(name).get())
        .map(ClusterObjects::contents);
  }

  private static Map<String, byte[]> contents(ConfigMap map) {
    var contents = new HashMap<String, byte[]>();
    if (map.getData() != null) {
      map.getData()
          .forEach((key, value) -> contents.put(key, value.getBytes(StandardCharsets.UTF_8)));
    }
    if (map.getBinaryData() != null) {
      map.getBinaryData()
          .forEach((key, value) -> contents.put(key, Base64.getDecoder().decode(value)));
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
