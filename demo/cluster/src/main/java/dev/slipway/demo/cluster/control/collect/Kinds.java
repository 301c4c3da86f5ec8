package dev.slipway.demo.cluster.control.collect;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;

/** Every kind of object that the API lets be watched and deleted, each in one version. */
record Kinds(KubernetesClient client) {
  private static final List<String> NEEDED = List.of("list", "watch", "delete");

  List<ResourceDefinitionContext> all() {
    var all = new ArrayList<ResourceDefinitionContext>();
    add("", "v1", all);
    for (var group : client.getApiGroups().getGroups()) {
      // The same events again under another name.
      if (!group.getName().equals("events.k8s.io")) {
        add(group.getName(), group.getPreferredVersion().getVersion(), all);
      }
    }
    return all;
  }

  private void add(String group, String version, List<ResourceDefinitionContext> to) {
    var path = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    var list =
        client.getKubernetesSerialization().unmarshal(client.raw(path), APIResourceList.class);
    list.getResources().stream()
        .filter(kind -> !kind.getName().contains("/") && kind.getVerbs().containsAll(NEEDED))
        .map(kind -> context(group, version, kind))
        .forEach(to::add);
  }

  private static ResourceDefinitionContext context(String group, String version, APIResource kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind.getKind())
        .withPlural(kind.getName())
        .withNamespaced(kind.getNamespaced())
        .build();
  }
}
