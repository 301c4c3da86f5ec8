package dev.slipway.hooks;

import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.plan.TargetView;
import dev.slipway.hooks.workload.Workloads;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/** What the cluster has of one Remote and its targets. */
record ClusterTargets(KubernetesClient client, ApiCalls api, GitdConfig config)
    implements TargetView {

  @Override
  public Optional<Found> find(Workload workload) throws InterruptedException {
    Workloads workloads = new Workloads(client, config.namespace());
    return api.call(() -> workloads.find(workload))
        .map(it -> new Found(List.copyOf(it.images().keySet()), it.obstacle()));
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
