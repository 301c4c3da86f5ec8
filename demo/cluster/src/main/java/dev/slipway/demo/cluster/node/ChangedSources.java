package dev.slipway.demo.cluster.node;

import dev.slipway.demo.cluster.process.Interruptible;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Says whose volumes may be out of date: when a Secret or ConfigMap changes, and with time. */
final class ChangedSources implements AutoCloseable {
  // Often enough for tokens, which live for ten minutes at least.
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final List<SharedIndexInformer<?>> informers;
  private final Thread clock;

  /**
   * Tells from now on.
   *
   * @param changed takes which namespaces are meant; must return at once
   */
  ChangedSources(KubernetesClient client, Consumer<Predicate<String>> changed) {
    informers =
        List.of(
            client.secrets().inAnyNamespace().inform(new Reaction<>(changed)),
            client.configMaps().inAnyNamespace().inform(new Reaction<>(changed)));
    clock =
        Interruptible.start(
            "refresh",
            () -> {
              while (true) {
                Thread.sleep(PERIOD);
                changed.accept(_ -> true);
              }
            });
  }

  private record Reaction<T extends HasMetadata>(Consumer<Predicate<String>> changed)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      changed.accept(object.getMetadata().getNamespace()::equals);
    }

    @Override
    public void onUpdate(T before, T after) {
      onAdd(after);
    }

    @Override
    public void onDelete(T object, boolean unknown) {
      // What a pod has been shown it keeps.
    }
  }

  @Override
  public void close() {
    clock.interrupt();
    informers.forEach(SharedIndexInformer::stop);
  }
}
