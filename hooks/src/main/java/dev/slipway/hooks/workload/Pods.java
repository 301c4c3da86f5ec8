package dev.slipway.hooks.workload;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;

/** What is asked of single pods. */
public final class Pods {
  private Pods() {}

  public static boolean isReady(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  /**
   * Whether the pod was made from a template with all of these images.
   *
   * @param images by container
   */
  public static boolean runs(Pod pod, Map<String, String> images) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && images.entrySet().stream()
            .allMatch(
                image ->
                    LiveWorkload.containers(pod.getSpec())
                        .anyMatch(
                            container ->
                                container.getName().equals(image.getKey())
                                    && container.getImage().equals(image.getValue())));
  }
}
