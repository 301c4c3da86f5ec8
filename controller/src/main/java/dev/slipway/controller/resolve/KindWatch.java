package dev.slipway.controller.resolve;

import dev.slipway.controller.cache.SlimStore;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Follows which objects of one kind there are and when one of them changes, by their metadata
 * alone.
 */
final class KindWatch<T extends HasMetadata> implements AutoCloseable {
  private final List<SharedIndexInformer<T>> informers;
  private final List<CompletionStage<Void>> started;

  private KindWatch(List<SharedIndexInformer<T>> informers) {
    this.informers = informers;
    this.started = informers.stream().map(SharedIndexInformer::start).toList();
  }

  /**
   * Begins to follow, and returns before anything is known.
   *
   * @param metadataOnly asks the API for nothing but metadata
   * @param namespaces all when empty
   */
  static <T extends HasMetadata> KindWatch<T> begin(
      KubernetesClient metadataOnly,
      Class<T> kind,
      Set<String> namespaces,
      Consumer<ResourceID> changed) {
    var objects = metadataOnly.resources(kind);
    Stream<AnyNamespaceOperation<T, ?, ?>> scopes =
        namespaces.isEmpty()
            ? Stream.of(objects.inAnyNamespace())
            : namespaces.stream().map(objects::inNamespace);
    ResourceEventHandler<T> handler = handler(changed);
    return new KindWatch<>(
        scopes
            .map(
                scope -> {
                  SharedIndexInformer<T> informer =
                      scope.withLimit(SlimStore.PAGE).runnableInformer(0);
                  informer.itemStore(new SlimStore<>(KindWatch::strip));
                  return informer.addEventHandler(handler);
                })
            .toList());
  }

  /**
   * Another one after every change of the object, except for its status; empty if there is none.
   * Waits until that is known.
   *
   * @throws KubernetesClientException if the API does not say, so that this follows nothing
   */
  Optional<String> version(String namespace, String name) {
    try {
      started.forEach(it -> it.toCompletableFuture().join());
    } catch (CompletionException e) {
      throw KubernetesClientException.launderThrowable(e.getCause());
    }
    String key = Cache.namespaceKeyFunc(namespace, name);
    return informers.stream()
        .map(informer -> informer.getStore().getByKey(key))
        .filter(Objects::nonNull)
        .findFirst()
        .map(KindWatch::version);
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }

  private static String version(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return metadata.getGeneration() == null
        ? Version.of(object)
        : String.join(
            "/",
            metadata.getUid(),
            metadata.getGeneration().toString(),
            String.valueOf(metadata.getAnnotations().get(FoundWorkload.DIGESTS)));
  }

  private static void strip(HasMetadata object) {
    String digests = object.getMetadata().getAnnotations().get(FoundWorkload.DIGESTS);
    SlimStore.stripMetadata(object);
    object.getMetadata().setOwnerReferences(List.of());
    if (digests != null) {
      object.getMetadata().setAnnotations(Map.of(FoundWorkload.DIGESTS, digests));
    }
  }

  private static <T extends HasMetadata> ResourceEventHandler<T> handler(
      Consumer<ResourceID> changed) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        changed.accept(ResourceID.fromResource(object));
      }

      @Override
      public void onUpdate(T before, T after) {
        if (!version(before).equals(version(after))) {
          changed.accept(ResourceID.fromResource(after));
        }
      }

      @Override
      public void onDelete(T object, boolean finalStateUnknown) {
        changed.accept(ResourceID.fromResource(object));
      }
    };
  }
}
