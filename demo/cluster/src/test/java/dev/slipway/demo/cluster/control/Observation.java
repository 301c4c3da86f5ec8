package dev.slipway.demo.cluster.control;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Watches one object from now on, and the events of its namespace. */
final class Observation<T extends HasMetadata> implements AutoCloseable {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private final KubernetesClient client;
  private final String namespace;
  private final List<String> eventsBefore;
  private final List<T> seen = new CopyOnWriteArrayList<>();
  private final Watch watch;

  Observation(KubernetesClient client, Class<T> kind, String namespace, String name) {
    this.client = client;
    this.namespace = namespace;
    this.eventsBefore = events().stream().map(e -> e.at("/metadata/uid").asText()).toList();
    this.watch =
        client
            .resources(kind)
            .inNamespace(namespace)
            .withName(name)
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, T object) {
                    seen.add(object);
                  }

                  @Override
                  public void onClose(@Nullable WatcherException cause) {}
                });
  }

  /** Waits until the object is as it should be. */
  T until(Predicate<T> settled) {
    await().until(() -> !seen.isEmpty() && settled.test(seen.getLast()));
    return seen.getLast();
  }

  /** What was seen so far, and the events that have been written by now. */
  Story story() {
    return Story.of(seen.stream().map(Observation::json).toList(), newEvents());
  }

  private List<JsonNode> newEvents() {
    return events().stream()
        .filter(event -> !eventsBefore.contains(event.at("/metadata/uid").asText()))
        .toList();
  }

  private List<JsonNode> events() {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .map(Observation::json)
        .toList();
  }

  private static JsonNode json(Object object) {
    return JSON.convertValue(object, JsonNode.class);
  }

  @Override
  public void close() {
    watch.close();
  }
}
