package dev.slipway.controller.resolve;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Optional;
import java.util.function.Function;

/**
 * Follows one aspect of one object, and tells when that changes and only then.
 *
 * @param <T> the kind of the object
 * @param <A> the aspect
 */
final class NamedWatch<T extends HasMetadata, A> implements AutoCloseable {
  private final SharedIndexInformer<T> informer;
  private final Function<T, A> aspect;

  private NamedWatch(SharedIndexInformer<T> informer, Function<T, A> aspect) {
    this.informer = informer;
    this.aspect = aspect;
  }

  /** Starts to follow; what is there already is known when this returns. */
  static <T extends HasMetadata, A> NamedWatch<T, A> start(
      KubernetesClient client, Reference<T> reference, Function<T, A> aspect, Runnable changed) {
    SharedIndexInformer<T> informer =
        client
            .resources(reference.kind())
            .inNamespace(reference.namespace())
            .withName(reference.name())
            .inform(handler(aspect, changed));
    return new NamedWatch<>(informer, aspect);
  }

  Optional<A> current() {
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
