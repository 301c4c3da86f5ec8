package dev.slipway.hooks;

import dev.slipway.crd.Remote;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.plan.TargetView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/** What the cluster has of one Remote and its targets. */
record ClusterTargets(KubernetesClient client, ApiCalls api, GitdConfig config)
    implements TargetView {

  @Override
  public Optional<List<String>> containersOf(Workload workload) throws InterruptedException {
    HasMetadata found =
        api.call(
            () ->
                client
                    .resources(workload.kind().type())
                    .inNamespace(config.namespace())
                    .withName(workload.name())
                    .get());
    return Optional.ofNullable(found).map(WorkloadKind::containerNames);
  }

  @Override
  public Optional<String> remoteUrl() throws InterruptedException {
    Remote remote =
        api.call(
            () ->
                client
                    .resources(Remote.class)
                    .inNamespace(config.namespace())
                    .withName(config.name())
                    .get());
    return remote == null || remote.getStatus() == null
        ? Optional.empty()
        : Optional.ofNullable(remote.getStatus().remoteUrl());
  }
}
