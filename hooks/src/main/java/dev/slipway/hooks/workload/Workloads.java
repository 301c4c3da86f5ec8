package dev.slipway.hooks.workload;

import dev.slipway.crd.gitd.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Optional;

/** The workloads of a namespace, each by its name. */
public record Workloads(KubernetesClient client, String namespace) {

  /** One that may exist. */
  public Resource<? extends HasMetadata> resource(Workload workload) {
    return client
        .resources(workload.kind().type())
        .inNamespace(namespace)
        .withName(workload.name());
  }

  /** One as it is now. */
  public Optional<LiveWorkload> find(Workload workload) {
    return Optional.ofNullable(resource(workload).get()).map(LiveWorkload::of);
  }
}
