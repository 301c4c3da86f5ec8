package dev.slipway.demo.cluster.control.loop;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What the cluster holds, as far as the controllers read it; one watch for each kind, shared by
 * all.
 */
public final class ClusterView implements AutoCloseable {
  private static final int SYNC_SECONDS = 120;

  private final KubernetesClient client;
  private final List<Watched<?>> all = new ArrayList<>();
  private final Watched<Pod> pods;
  private final Watched<Node> nodes;
  private final Watched<Deployment> deployments;
  private final Watched<ReplicaSet> replicaSets;
  private final Watched<StatefulSet> statefulSets;
  private final Watched<DaemonSet> daemonSets;
  private final Watched<Job> jobs;
  private final Watched<Service> services;
  private final Watched<Endpoints> endpoints;
  private final Watched<EndpointSlice> endpointSlices;
  private final Watched<Namespace> namespaces;
  private final Watched<ServiceAccount> serviceAccounts;
  private final Watched<ConfigMap> configMaps;
  private final Watched<PersistentVolumeClaim> claims;
  private final Watched<PersistentVolume> volumes;
  private final Watched<StorageClass> storageClasses;
  private final Watched<ResourceQuota> quotas;

  /** Prepares the watches; they begin with {@link #start}. */
  public ClusterView(KubernetesClient client) {
    this.client = client;
    pods = watch(Pod.class);
    nodes = watch(Node.class);
    deployments = watch(Deployment.class);
    replicaSets = watch(ReplicaSet.class);
    statefulSets = watch(StatefulSet.class);
    daemonSets = watch(DaemonSet.class);
    jobs = watch(Job.class);
    services = watch(Service.class);
    endpoints = watch(Endpoints.class);
    endpointSlices = watch(EndpointSlice.class);
    namespaces = watch(Namespace.class);
    serviceAccounts = watch(ServiceAccount.class);
    configMaps = watch(ConfigMap.class);
    claims = watch(PersistentVolumeClaim.class);
    volumes = watch(PersistentVolume.class);
    storageClasses = watch(StorageClass.class);
    quotas = watch(ResourceQuota.class);
  }

  private <T extends HasMetadata> Watched<T> watch(Class<T> kind) {
    var watched = new Watched<>(client, kind);
    all.add(watched);
    return watched;
  }

  /** Begins to watch and returns when all present objects are known. */
  public void start() throws Exception {
    CompletableFuture.allOf(
            all.stream()
                .map(watched -> watched.start().toCompletableFuture())
                .toArray(CompletableFuture[]::new))
        .get(SYNC_SECONDS, TimeUnit.SECONDS);
  }

  public Watched<Pod> pods() {
    return pods;
  }

  public Watched<Node> nodes() {
    return nodes;
  }

  public Watched<Deployment> deployments() {
    return deployments;
  }

  public Watched<ReplicaSet> replicaSets() {
    return replicaSets;
  }

  public Watched<StatefulSet> statefulSets() {
    return statefulSets;
  }

  public Watched<DaemonSet> daemonSets() {
    return daemonSets;
  }

  public Watched<Job> jobs() {
    return jobs;
  }

  public Watched<Service> services() {
    return services;
  }

  public Watched<Endpoints> endpoints() {
    return endpoints;
  }

  public Watched<EndpointSlice> endpointSlices() {
    return endpointSlices;
  }

  public Watched<Namespace> namespaces() {
    return namespaces;
  }

  public Watched<ServiceAccount> serviceAccounts() {
    return serviceAccounts;
  }

  public Watched<ConfigMap> configMaps() {
    return configMaps;
  }

  public Watched<PersistentVolumeClaim> claims() {
    return claims;
  }

  public Watched<PersistentVolume> volumes() {
    return volumes;
  }

  public Watched<StorageClass> storageClasses() {
    return storageClasses;
  }

  public Watched<ResourceQuota> quotas() {
    return quotas;
  }

  @Override
  public void close() {
    all.forEach(Watched::close);
  }
}
