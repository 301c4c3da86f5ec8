package dev.slipway.hooks.manifests;

import dev.slipway.hooks.kube.ApiCalls;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the API server which kinds it has, once for each version and push. */
public final class ClusterKinds implements KindView {
  private final KubernetesClient client;
  private final ApiCalls api;
  private final Map<String, List<APIResource>> known = new HashMap<>();

  public ClusterKinds(KubernetesClient client, ApiCalls api) {
    this.client = client;
    this.api = api;
  }

  @Override
  public Optional<Kind> find(String apiVersion, String kind) throws InterruptedException {
    List<APIResource> resources = known.get(apiVersion);
    if (resources == null) {
      resources =
          api.call(
              () -> {
                APIResourceList list = client.getApiResources(apiVersion);
                return list == null ? List.of() : list.getResources();
              });
      known.put(apiVersion, resources);
    }
    return resources.stream()
        .filter(it -> kind.equals(it.getKind()) && !it.getName().contains("/"))
        .findFirst()
        .map(it -> new Kind(it.getName(), Boolean.TRUE.equals(it.getNamespaced())));
  }
}
