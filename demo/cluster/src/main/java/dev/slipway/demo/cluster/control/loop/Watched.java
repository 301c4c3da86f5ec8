package dev.slipway.demo.cluster.control.loop;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All objects of one kind as a watch keeps them: read often, never written to. */
public final class Watched<T extends HasMetadata> implements AutoCloseable {
  /** Hears of each change after it is visible in the cache. */
  @FunctionalInterface
  public interface Listener<T> {
    /** {@code before} is null for a new object, {@code after} for one that is gone. */
    void changed(@Nullable T before, @Nullable T after);
  }

  private final SharedIndexInformer<T> informer;

  /** Prepares the watch, which begins with {@link #start}. */
  public Watched(KubernetesClient client, Class<T> kind) {
    informer = client.resources(kind).inAnyNamespace().runnableInformer(0);
  }

  /** Calls the listener for every present object and every change from now on, in order. */
  public void listen(Listener<T> listener) {
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(T object) {
            listener.changed(null, object);
          }

          @Override
          public void onUpdate(T before, T after) {
            listener.changed(before, after);
          }

          @Override
          public void onDelete(T object, boolean finalStateUnknown) {
            listener.changed(object, null);
          }
        });
  }

  /** Calls with every present object and with each that changes; with what is gone, as it was. */
  public void follow(Consumer<T> follower) {
    listen(
        (before, after) -> follower.accept(after == null ? Objects.requireNonNull(before) : after));
  }

  /** The object of this name, if there is one. */
  public Optional<T> get(Key key) {
    return Optional.ofNullable(
        informer
            .getIndexer()
            .getByKey(
                key.namespace().isEmpty()
                    ? key.name()
                    : Cache.namespaceKeyFunc(key.namespace(), key.name())));
  }

  /** All objects of a namespace. */
  public List<T> in(String namespace) {
    return those(object -> namespace.equals(object.getMetadata().getNamespace()));
  }

  /** The objects that the one with this uid controls. */
  public List<T> controlledBy(String uid) {
    return those(
        object ->
            Ownership.controllerOf(object).filter(owner -> uid.equals(owner.getUid())).isPresent());
  }

  /** Without fabric8's indices: an object that changes is out of them for a moment. */
  private List<T> those(Predicate<T> wanted) {
    return all().stream().filter(wanted).toList();
  }

  /** All objects of this kind. */
  public List<T> all() {
    return informer.getIndexer().list();
  }

  /** Begins to watch; done when all present objects are known. */
  public CompletionStage<Void> start() {
    return informer.start();
  }

  @Override
  public void close() {
    informer.close();
  }
}
