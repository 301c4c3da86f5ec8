package dev.slipway.demo.cluster.control.loop;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the state of a pod means to those who count pods. */
public final class PodFacts {
  private PodFacts() {}

  /** Neither finished nor on its way out. */
  public static boolean isActive(Pod pod) {
    return !isFinished(pod) && !isTerminating(pod);
  }

  /** Has run to its end, well or badly. */
  public static boolean isFinished(Pod pod) {
    return isSucceeded(pod) || isFailed(pod);
  }

  public static boolean isSucceeded(Pod pod) {
    return phase(pod).equals("Succeeded");
  }

  public static boolean isFailed(Pod pod) {
    return phase(pod).equals("Failed");
  }

  /** Has been deleted and is not gone yet. */
  public static boolean isTerminating(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** {@code Pending}, {@code Running} and so on. */
  public static String phase(Pod pod) {
    var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return phase == null ? "Pending" : phase;
  }

  public static boolean isReady(Pod pod) {
    return condition(pod, "Ready").filter(ready -> "True".equals(ready.getStatus())).isPresent();
  }

  /** Ready, and for long enough. */
  public static boolean isAvailable(Pod pod, int minReadySeconds, Instant now) {
    return readySince(pod)
        .filter(since -> !since.plus(Duration.ofSeconds(minReadySeconds)).isAfter(now))
        .isPresent();
  }

  /** Since when the pod is ready; empty when it is not. */
  public static Optional<Instant> readySince(Pod pod) {
    return condition(pod, "Ready")
        .filter(ready -> "True".equals(ready.getStatus()))
        .map(ready -> time(ready.getLastTransitionTime()));
  }

  public static Optional<PodCondition> condition(Pod pod, String type) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(condition -> type.equals(condition.getType()))
            .findFirst();
  }

  /** A time as the API writes it; the beginning of all times when there is none. */
  public static Instant time(@Nullable String text) {
    return text == null || text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
  }
}
