package dev.slipway.controller.resolve;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Follows one aspect of one object, and tells when that changes and only then.
 *
 * @param <T> the kind of the object
 * @param <A> the aspect
 */
final class NamedWatch<T extends HasMetadata, A> implements AutoCloseable {
  private final Reference<T> reference;
  private final SharedIndexInformer<T> informer;
  private final CompletionStage<Void> started;
  private final Function<T, A> aspect;

  private NamedWatch(
      Reference<T> reference, SharedIndexInformer<T> informer, Function<T, A> aspect) {
    this.reference = reference;
    this.informer = informer;
    this.started = informer.start();
    this.aspect = aspect;
  }

  /** Begins to follow, and returns before anything is known. */
  static <T extends HasMetadata, A> NamedWatch<T, A> begin(
      KubernetesClient client, Reference<T> reference, Function<T, A> aspect, Runnable changed) {
    SharedIndexInformer<T> informer =
        client
            .resources(reference.kind())
            .inNamespace(reference.namespace())
            .withName(reference.name())
            .runnableInformer(0);
    informer.addEventHandler(handler(aspect, changed));
    return new NamedWatch<>(reference, informer, aspect);
  }

  Reference<T> reference() {
    return reference;
  }

  /**
   * What is there now; waits until that is known.
   *
   * @throws KubernetesClientException if the API does not say, so that this follows nothing
   */
  Optional<A> current() {
    try {
      started.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw KubernetesClientException.launderThrowable(e.getCause());
    }
    return informer.getStore().list().stream().findFirst().map(aspect);
  }

  @Override
  public void close() {
    informer.close();
  }

  private static <T extends HasMetadata, A> ResourceEventHandler<T> handler(
      Function<T, A> aspect, Runnable changed) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        changed.run();
      }

      @Override
      public void onUpdate(T before, T after) {
        if (!aspect.apply(before).equals(aspect.apply(after))) {
          changed.run();
        }
      }

      @Override
      public void onDelete(T object, boolean finalStateUnknown) {
        changed.run();
      }
    };
  }
}
