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
import io.fabric8.kubernetes.client.utils.KubernetesResourceUtil;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What the cluster holds, as far as the controllers read it; one watch for each kind, shared by
 * all.
 */
public final class ClusterView implements AutoCloseable {
  private static final int SYNC_SECONDS = 120;

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          Pod.class,
          Node.class,
          Deployment.class,
          ReplicaSet.class,
          StatefulSet.class,
          DaemonSet.class,
          Job.class,
          Service.class,
          Endpoints.class,
          EndpointSlice.class,
          Namespace.class,
          ServiceAccount.class,
          ConfigMap.class,
          PersistentVolumeClaim.class,
          PersistentVolume.class,
          StorageClass.class,
          ResourceQuota.class);

  private final Map<Class<?>, Watched<?>> all = new LinkedHashMap<>();

  /** Prepares the watches; they begin with {@link #start}. */
  public ClusterView(KubernetesClient client) {
    KINDS.forEach(kind -> all.put(kind, new Watched<>(client, kind)));
  }

  /** Tells of the kinds that are watched, and has the way to read each worked out. */
  public static void learn(KubernetesSerialization models) {
    for (var kind : KINDS) {
      models.registerKubernetesResource(kind);
      models.unmarshal("{}", KubernetesResourceUtil.inferListType(kind));
    }
  }

  /** Begins to watch and returns when all present objects are known. */
  public void start() throws Exception {
    CompletableFuture.allOf(
            all.values().stream()
                .map(watched -> watched.start().toCompletableFuture())
                .toArray(CompletableFuture[]::new))
        .get(SYNC_SECONDS, TimeUnit.SECONDS);
  }

  /** The objects of one of the kinds that are watched. */
  @SuppressWarnings("unchecked") // A kind is put with the watch of this kind.
  public <T extends HasMetadata> Watched<T> of(Class<T> kind) {
    return (Watched<T>) Objects.requireNonNull(all.get(kind), kind.getName());
  }

  @Override
  public void close() {
    all.values().forEach(Watched::close);
  }
}
