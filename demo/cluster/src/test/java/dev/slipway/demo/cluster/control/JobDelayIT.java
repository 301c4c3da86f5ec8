package dev.slipway.demo.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.ClusterExtension;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A namespace can have its Jobs notice things as late as those of a real cluster do. */
class JobDelayIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void hasJobsNoticeTheirPodsAsLateAsTheNamespaceSays() {
    makeJob("late", Map.of("embedded-cluster/job-delay-seconds", "3600"));
    makeJob("prompt", Map.of());
    endPod("late");
    endPod("prompt");

    await().until(() -> isComplete("prompt"));

    assertThat(isComplete("late")).isFalse();
  }

  private static void makeJob(String namespace, Map<String, String> annotations) {
    var client = cluster.client();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .withAnnotations(annotations)
                .endMetadata()
                .build())
        .create();
    await()
        .until(
            () ->
                client.serviceAccounts().inNamespace(namespace).withName("default").get() != null);
    client
        .resource(
            new JobBuilder()
                .withNewMetadata()
                .withName("job")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("main")
                .withImage("busybox")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  private static void endPod(String namespace) {
    var pods = cluster.client().pods().inNamespace(namespace);
    Pod pod = await().until(() -> pods.list().getItems(), found -> !found.isEmpty()).getFirst();
    pods.resource(new PodBuilder(pod).withNewStatus().withPhase("Succeeded").endStatus().build())
        .patchStatus();
  }

  private static boolean isComplete(String namespace) {
    var status =
        cluster
            .client()
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace)
            .withName("job")
            .require()
            .getStatus();
    return status != null && Integer.valueOf(1).equals(status.getSucceeded());
  }
}
