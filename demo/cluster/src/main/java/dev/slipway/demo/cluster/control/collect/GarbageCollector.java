package dev.slipway.demo.cluster.control.collect;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes objects whose owners are gone, and what is in namespaces that are to go, as a client of
 * the API. The embedded API does that by itself, with the one feed of changes that its store has: a
 * watch for each kind, as here, would make every test's cluster start later.
 */
public final class GarbageCollector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GarbageCollector.class);
  private static final long DISCOVER_AGAIN_MILLIS = 500;

  private record Seen(ResourceDefinitionContext kind, GenericKubernetesResource object) {
    String uid() {
      return object.getMetadata().getUid();
    }

    boolean deleting() {
      return object.getMetadata().getDeletionTimestamp() != null;
    }

    List<OwnerReference> owners() {
      return object.getMetadata().getOwnerReferences();
    }
  }

  private final KubernetesClient client;
  private final NamespaceEnd namespaces;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("garbage-collector").factory());
  private final Map<String, SharedIndexInformer<GenericKubernetesResource>> watches =
      new HashMap<>();
  private final Map<String, ResourceDefinitionContext> kinds = new HashMap<>();
  private final Map<String, Seen> present = new HashMap<>();
  private final Map<String, Set<String>> dependents = new HashMap<>();

  /** Begins to watch every kind of object, and kinds that are defined later. */
  public GarbageCollector(KubernetesClient client) {
    this.client = client;
    this.namespaces = new NamespaceEnd(client, kinds);
    submit(this::discover);
  }

  private void discover() {
    for (var kind : new Kinds(client).all()) {
      var key = kind.getGroup() + "/" + kind.getPlural();
      if (watches.containsKey(key)) {
        continue;
      }
      kinds.put(kind.getGroup() + "/" + kind.getKind(), kind);
      var informer = client.genericKubernetesResources(kind).inAnyNamespace().runnableInformer(0);
      informer.addEventHandler(
          new ResourceEventHandler<>() {
            @Override
            public void onAdd(GenericKubernetesResource object) {
              submit(() -> changed(new Seen(kind, object)));
            }

            @Override
            public void onUpdate(GenericKubernetesResource was, GenericKubernetesResource is) {
              submit(() -> changed(new Seen(kind, is)));
            }

            @Override
            public void onDelete(GenericKubernetesResource object, boolean unknown) {
              submit(() -> gone(new Seen(kind, object)));
            }
          });
      // Also when the API goes away before the first list; else it would never begin.
      informer.exceptionHandler((_, _) -> !worker.isShutdown());
      informer.start();
      watches.put(key, informer);
    }
  }

  private void submit(Runnable step) {
    try {
      worker.execute(() -> attempt(step));
    } catch (RejectedExecutionException e) {
      // It has been closed.
    }
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (KubernetesClientException e) {
      log.debug("Cannot collect", e);
    }
  }

  private void changed(Seen seen) {
    present.put(seen.uid(), seen);
    for (var owner : seen.owners()) {
      dependents.computeIfAbsent(owner.getUid(), _ -> new HashSet<>()).add(seen.uid());
    }
    switch (seen.kind().getKind()) {
      case "CustomResourceDefinition" -> {
        var _ =
            worker.schedule(
                () -> attempt(this::discover), DISCOVER_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      }
      case "Namespace" -> {
        if (seen.deleting()) {
          namespaces.empty(seen.object().getMetadata().getName());
        }
      }
      default -> collectWithoutOwners(seen);
    }
    if (seen.deleting()) {
      release(seen);
    }
  }

  private void gone(Seen seen) {
    present.remove(seen.uid());
    for (var dependent : dependentsOf(seen.uid())) {
      collectWithoutOwners(dependent);
    }
    dependents.remove(seen.uid());
    for (var owner : seen.owners()) {
      dependents.getOrDefault(owner.getUid(), new HashSet<>()).remove(seen.uid());
      var left = present.get(owner.getUid());
      if (left != null && left.deleting()) {
        release(left);
      }
    }
    var namespace = seen.object().getMetadata().getNamespace();
    if (namespace != null && namespaces.isEnding(namespace)) {
      namespaces.empty(namespace);
    }
  }

  private void collectWithoutOwners(Seen seen) {
    if (!seen.deleting()
        && !seen.owners().isEmpty()
        && seen.owners().stream().noneMatch(owner -> exists(owner, seen))) {
      delete(seen, DeletionPropagation.BACKGROUND);
    }
  }

  /** Asks the API where the watches know nothing: they do not keep each other's order. */
  private boolean exists(OwnerReference owner, Seen dependent) {
    if (present.containsKey(owner.getUid())) {
      return true;
    }
    var version = owner.getApiVersion();
    var group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    var kind = kinds.get(group + "/" + owner.getKind());
    if (kind == null) {
      return true;
    }
    var found = named(kind, dependent.object().getMetadata().getNamespace(), owner.getName()).get();
    return found != null && found.getMetadata().getUid().equals(owner.getUid());
  }

  /** Takes the finalizers that are ours off an owner, once its dependents are seen to. */
  private void release(Seen owner) {
    var finalizers = owner.object().getMetadata().getFinalizers();
    if (finalizers.contains("orphan")) {
      dependentsOf(owner.uid()).forEach(dependent -> disown(dependent, owner.uid()));
      removeFinalizer(owner, "orphan");
    }
    if (finalizers.contains("foregroundDeletion")) {
      var left = dependentsOf(owner.uid());
      left.stream()
          .filter(dependent -> !dependent.deleting())
          .forEach(dependent -> delete(dependent, propagation(dependent)));
      if (left.stream().noneMatch(dependent -> blocks(dependent, owner.uid()))) {
        removeFinalizer(owner, "foregroundDeletion");
      }
    }
  }

  /** A dependent without dependents of its own just goes. */
  private DeletionPropagation propagation(Seen dependent) {
    return dependentsOf(dependent.uid()).isEmpty()
        ? DeletionPropagation.BACKGROUND
        : DeletionPropagation.FOREGROUND;
  }

  private static boolean blocks(Seen dependent, String owner) {
    return dependent.owners().stream()
        .anyMatch(
            each ->
                each.getUid().equals(owner) && Boolean.TRUE.equals(each.getBlockOwnerDeletion()));
  }

  private void disown(Seen dependent, String owner) {
    resource(dependent)
        .edit(
            object -> {
              object.getMetadata().getOwnerReferences().removeIf(o -> o.getUid().equals(owner));
              return object;
            });
  }

  private void removeFinalizer(Seen owner, String finalizer) {
    resource(owner)
        .edit(
            object -> {
              object.getMetadata().getFinalizers().remove(finalizer);
              return object;
            });
  }

  private void delete(Seen seen, DeletionPropagation dependents) {
    resource(seen).withPropagationPolicy(dependents).delete();
  }

  private Resource<GenericKubernetesResource> resource(Seen seen) {
    var metadata = seen.object().getMetadata();
    return named(seen.kind(), metadata.getNamespace(), metadata.getName());
  }

  private Resource<GenericKubernetesResource> named(
      ResourceDefinitionContext kind, String namespace, String name) {
    var all = client.genericKubernetesResources(kind);
    return kind.isNamespaceScoped()
        ? all.inNamespace(namespace).withName(name)
        : all.withName(name);
  }

  private List<Seen> dependentsOf(String owner) {
    return dependents.getOrDefault(owner, Set.of()).stream()
        .map(present::get)
        .filter(seen -> seen != null)
        .toList();
  }

  @Override
  public void close() {
    worker.shutdownNow();
    watches.values().forEach(SharedIndexInformer::close);
  }
}
