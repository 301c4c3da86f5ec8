package dev.slipway.demo.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** The pods of the namespace default, as tests make them and wait for them. */
record PodsOnNode(ClusterExtension cluster) {
  /** Creates every object of a text of YAML documents. */
  void apply(String yaml) {
    for (var document : yaml.split("(?m)^---$", -1)) {
      cluster.client().resource(document).create();
    }
  }

  Pod get(String name) {
    return cluster.client().pods().inNamespace("default").withName(name).get();
  }

  Pod await(String name, Predicate<Pod> condition) {
    return Awaitility.await(name).until(() -> get(name), condition);
  }

  ContainerStateTerminated awaitEnd(String pod, String container) {
    var ended = await(pod, found -> status(found, container).getState().getTerminated() != null);
    return status(ended, container).getState().getTerminated();
  }

  void delete(String name) {
    cluster.client().pods().inNamespace("default").withName(name).delete();
    Awaitility.await(name).until(() -> get(name) == null);
  }

  String logs(String... arguments) {
    var all = new ArrayList<>(List.of("logs"));
    all.addAll(List.of(arguments));
    return cluster.kubectl(all.toArray(String[]::new)).output();
  }

  /** Waits until so much, in this order, has been told of a pod: events are written later. */
  void awaitEvents(String pod, String... reasons) {
    Awaitility.await(pod)
        .untilAsserted(
            () ->
                assertThat(cluster.client().v1().events().inNamespace("default").list().getItems())
                    .filteredOn(event -> pod.equals(event.getInvolvedObject().getName()))
                    .extracting(Event::getReason)
                    .containsSubsequence(reasons));
  }

  static ContainerStatus status(Pod pod, String name) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getName().equals(name))
        .findFirst()
        .orElseGet(
            () ->
                new ContainerStatusBuilder()
                    .withNewState()
                    .endState()
                    .withReady(false)
                    .withRestartCount(0)
                    .build());
  }
}
