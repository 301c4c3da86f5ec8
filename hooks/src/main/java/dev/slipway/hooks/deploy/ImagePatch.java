package dev.slipway.hooks.deploy;

import dev.slipway.hooks.workload.LiveWorkload;
import io.fabric8.kubernetes.api.model.Container;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The strategic merge patch that sets images: it names containers, not positions, and leaves every
 * other field to whoever owns it.
 *
 * <p>What it names stands in it in the order of the workload: the API server takes the order of a
 * patch over, and the order of init containers counts.
 */
final class ImagePatch {
  private ImagePatch() {}

  /**
   * The patch.
   *
   * @param images by container or init container
   * @param pullSecrets changes of those that the pod template names
   * @param annotations of the workload itself; null removes one
   */
  static Map<String, Object> of(
      LiveWorkload now,
      Map<String, String> images,
      List<Map<String, String>> pullSecrets,
      Map<String, @Nullable String> annotations) {
    Map<String, Object> pod = new TreeMap<>();
    put(pod, "initContainers", now.podSpec().getInitContainers(), images);
    put(pod, "containers", now.podSpec().getContainers(), images);
    if (!pullSecrets.isEmpty()) {
      pod.put("imagePullSecrets", pullSecrets);
    }
    Map<String, Object> template = Map.of("template", Map.of("spec", pod));
    return Map.of(
        "metadata",
        Map.of(
            "resourceVersion",
            now.object().getMetadata().getResourceVersion(),
            "annotations",
            annotations),
        "spec",
        switch (now.workload().kind()) {
          case Deployment, StatefulSet, DaemonSet -> template;
          case CronJob -> Map.of("jobTemplate", Map.of("spec", template));
        });
  }

  private static void put(
      Map<String, Object> pod, String field, List<Container> present, Map<String, String> images) {
    List<Map<String, String>> changed =
        present.stream()
            .map(Container::getName)
            .filter(images::containsKey)
            .map(name -> Map.of("name", name, "image", images.getOrDefault(name, "")))
            .toList();
    if (!changed.isEmpty()) {
      pod.put(field, changed);
    }
  }
}
