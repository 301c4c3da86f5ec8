package dev.slipway.hooks.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the events that tell about one object. */
public final class Events {
  private static final Logger log = LoggerFactory.getLogger(Events.class);

  private static final Set<String> CREATION = Set.of("FailedCreate", "SuccessfulCreate");

  private Events() {}

  /** Oldest first; empty when they cannot be read, since they only explain. */
  public static List<Event> about(KubernetesClient client, HasMetadata object) {
    String uid = object.getMetadata().getUid();
    try {
      return client
          .v1()
          .events()
          .inNamespace(object.getMetadata().getNamespace())
          .withField("involvedObject.uid", uid)
          .list()
          .getItems()
          .stream()
          .filter(event -> uid.equals(event.getInvolvedObject().getUid()))
          .sorted(Comparator.comparing(Events::time))
          .toList();
    } catch (KubernetesClientException e) {
      log.debug("Events about {} cannot be read", object.getMetadata().getName(), e);
      return List.of();
    }
  }

  /** The message of the last warning with one of the reasons. */
  public static Optional<String> lastWarning(List<Event> events, List<String> reasons) {
    return last(events, reasons).map(event -> PlainText.oneLine(event.getMessage()));
  }

  /** The last warning with one of the reasons. */
  static Optional<Event> last(List<Event> events, List<String> reasons) {
    return events.stream()
        .filter(event -> "Warning".equals(event.getType()) && reasons.contains(event.getReason()))
        .reduce((before, last) -> last);
  }

  /** Why no pod could be made, unless one could since. */
  public static Optional<String> lastFailedCreate(List<Event> events) {
    return events.stream()
        .filter(event -> CREATION.contains(event.getReason()))
        .reduce((before, last) -> last)
        .filter(event -> "FailedCreate".equals(event.getReason()))
        .map(event -> PlainText.oneLine(event.getMessage()));
  }

  /** Events of newer writers have only {@code eventTime}. */
  private static String time(Event event) {
    if (event.getLastTimestamp() != null) {
      return event.getLastTimestamp();
    }
    return event.getEventTime() == null || event.getEventTime().getTime() == null
        ? ""
        : event.getEventTime().getTime();
  }
}
