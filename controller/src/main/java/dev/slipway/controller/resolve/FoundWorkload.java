package dev.slipway.controller.resolve;

import dev.slipway.crd.Remote;
import dev.slipway.crd.WorkloadKind;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a push needs to know of a workload.
 *
 * @param containers their names, init containers among them
 * @param orderedPods the names that its pods have, if it is a StatefulSet that starts them one
 *     after the other: such a one waits for a broken pod until somebody deletes it
 *     (kubernetes/kubernetes#67250); none where they are more than a hundred
 * @param otherImages the containers that run another image than one of the push that was deployed
 *     last, if one was
 */
public record FoundWorkload(
    Set<String> containers, Set<String> orderedPods, Set<String> otherImages) {
  static final String DIGESTS = Remote.GROUP + "/digests";

  /**
   * Beyond, nobody could read the Role that names them, and replicas have no limit of their own.
   */
  private static final int NAMED_PODS = 100;

  public static FoundWorkload of(HasMetadata object) {
    return new FoundWorkload(
        Set.copyOf(WorkloadKind.containerNames(object)),
        object instanceof StatefulSet set ? orderedPods(set) : Set.of(),
        otherImages(object));
  }

  private static Set<String> otherImages(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    String digests = annotations == null ? null : annotations.get(DIGESTS);
    if (digests == null) {
      return Set.of();
    }
    List<String> deployed = List.of(digests.split(" "));
    PodSpec pod = WorkloadKind.podTemplate(object).getSpec();
    return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
        .filter(container -> !deployed.contains(digest(container)))
        .map(Container::getName)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** All of it where there is none. */
  private static String digest(Container container) {
    String image = String.valueOf(container.getImage());
    return image.substring(image.indexOf('@') + 1);
  }

  private static Set<String> orderedPods(StatefulSet set) {
    StatefulSetSpec spec = set.getSpec();
    if ("Parallel".equals(spec.getPodManagementPolicy())) {
      return Set.of();
    }
    int first =
        spec.getOrdinals() == null || spec.getOrdinals().getStart() == null
            ? 0
            : spec.getOrdinals().getStart();
    int replicas = spec.getReplicas() == null ? 1 : spec.getReplicas();
    if (replicas > NAMED_PODS) {
      return Set.of();
    }
    return IntStream.range(first, first + replicas)
        .mapToObj(ordinal -> set.getMetadata().getName() + "-" + ordinal)
        .collect(Collectors.toUnmodifiableSet());
  }
}
