package dev.slipway.demo.cluster.control.collect;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;

/** Empties a namespace that is to go, and lets it go when nothing is left in it. */
record NamespaceEnd(KubernetesClient client, Map<String, ResourceDefinitionContext> kinds) {

  boolean isEnding(String name) {
    var namespace = client.namespaces().withName(name).get();
    return namespace != null && namespace.getMetadata().getDeletionTimestamp() != null;
  }

  void empty(String name) {
    long left =
        kinds.values().stream()
            .filter(ResourceDefinitionContext::isNamespaceScoped)
            .mapToLong(kind -> deleteAll(kind, name))
            .sum();
    if (left == 0) {
      finish(name);
    }
  }

  /** How many were there; that they have gone is told by the watch. */
  private long deleteAll(ResourceDefinitionContext kind, String namespace) {
    var all = client.genericKubernetesResources(kind).inNamespace(namespace);
    List<GenericKubernetesResource> found;
    try {
      found = all.list().getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return 0; // the kind itself has been deleted
      }
      throw e;
    }
    for (GenericKubernetesResource object : found) {
      if (object.getMetadata().getDeletionTimestamp() == null) {
        all.withName(object.getMetadata().getName()).delete();
      }
    }
    return found.size();
  }

  private void finish(String name) {
    var namespace = client.namespaces().withName(name).get();
    if (namespace != null && namespace.getSpec().getFinalizers().remove("kubernetes")) {
      client.raw("/api/v1/namespaces/" + name + "/finalize", "PUT", namespace);
    }
  }
}
