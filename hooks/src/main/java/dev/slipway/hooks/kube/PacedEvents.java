package dev.slipway.hooks.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Reads the events about what somebody looks at again at each change. They explain what does not
 * get on, and what gets on changes often: so they are asked for now and then only.
 */
public final class PacedEvents {
  static final Duration PACE = Duration.ofMillis(500);

  private final KubernetesClient client;
  private final Clock clock;
  private Instant asked;
  private List<Event> events = List.of();

  /** For what begins now, of which there is nothing to tell yet. */
  public PacedEvents(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.asked = clock.instant();
  }

  /** Those about all of the objects, for each of them the oldest first. */
  public List<Event> about(List<? extends HasMetadata> objects) {
    Instant now = clock.instant();
    if (Duration.between(asked, now).compareTo(PACE) >= 0) {
      asked = now;
      events = objects.stream().flatMap(object -> Events.about(client, object).stream()).toList();
    }
    return events;
  }
}
