package dev.slipway.demo.cluster.node;

import dev.slipway.demo.cluster.control.loop.Watched;
import dev.slipway.demo.cluster.process.Interruptible;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Says whose volumes may be out of date: when a Secret or ConfigMap changes, and with time. */
final class ChangedSources implements AutoCloseable {
  // Often enough for tokens, which live for ten minutes at least.
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final List<Watched<?>> sources;
  private final Thread clock;

  /**
   * Tells from now on.
   *
   * @param changed takes which namespaces are meant; must return at once
   */
  ChangedSources(KubernetesClient client, Consumer<Predicate<String>> changed) {
    sources = List.of(new Watched<>(client, Secret.class), new Watched<>(client, ConfigMap.class));
    for (var source : sources) {
      source.listen(
          (_, after) -> {
            // What a pod has been shown it keeps, also when the source of it is gone.
            if (after != null) {
              changed.accept(after.getMetadata().getNamespace()::equals);
            }
          });
    }
    CompletableFuture.allOf(
            sources.stream()
                .map(source -> source.start().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .join();
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

  @Override
  public void close() {
    clock.interrupt();
    sources.forEach(Watched::close);
  }
}
