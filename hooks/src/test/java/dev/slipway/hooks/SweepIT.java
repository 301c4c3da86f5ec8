package dev.slipway.hooks;

import static dev.slipway.hooks.TestConfig.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.demo.cluster.api.fault.Requests;
import dev.slipway.hooks.kube.Labels;
import dev.slipway.hooks.kube.LeanClient;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gitd that was killed has left, and the next one's first push. */
class SweepIT extends PipelineOnCluster {
  private static final String LEFT = "left";

  /** A Job that goes on, and its token. */
  @BeforeEach
  void leave() {
    client()
        .resource(
            new JobBuilder()
                .withNewMetadata()
                .withName(LEFT)
                .withNamespace(namespace)
                .withLabels(Labels.ofRemote("dev"))
                .endMetadata()
                .withNewSpec()
                .withSuspend(true)
                .withNewTemplate()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("kaniko")
                .withImage("kaniko")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
    kubectl("patch", "secret", "dev-gitd-tokens", "-p", "{\"stringData\": {\"left\": \"token\"}}");
  }

  @Fault(
      during = During.PLANNING,
      what = "what a killed gitd left is still being deleted",
      leaves = "waits and says so before it launches anything; deploys")
  @Test
  void pushWaitsForTheSweepAndIsNotSwept() throws Exception {
    Push push = push("good");
    Running running;
    try (var silent = on("delete", "jobs").hang()) {
      pipeline.beginSweep();
      await().until(() -> silent.hits() > 0);

      running = begin(push);

      await()
          .until(
              () ->
                  lines.stream()
                      .anyMatch(
                          it ->
                              it.contains(
                                  "waiting for the cluster to delete what an earlier push left")));
      assertThat(jobs()).singleElement().returns(LEFT, SweepIT::name);
    }

    deployed(push, running.await());
    assertThat(jobs()).isNotEmpty().noneMatch(SweepIT::isLeft);
    assertThat(tokens()).isEmpty();
  }

  @Fault(
      during = During.PLANNING,
      what = "what a killed gitd left cannot be deleted",
      leaves = "rejected; is deleted as soon as the API can; the next push deploys")
  @Test
  void sweepThatFailsRefusesThePushAndIsDoneLater() throws Exception {
    try (KubernetesClient impatient =
        LeanClient.builder()
            .withConfig(
                new ConfigBuilder(client().getConfiguration())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build()) {
      pipeline =
          pipeline(TestConfig.of(target("web", "web")), impatient, LIMIT, Duration.ofSeconds(1));
      try (var failing = on("patch", "secrets").named("dev-gitd-tokens").serverError()) {
        pipeline.beginSweep();
        await().until(() -> failing.hits() > 0);
        Push refused = push("refused");

        PushOutcome outcome = pipeline.preReceive(refused, lines::add);
        pipeline.postReceive(refused, outcome, false);

        assertThat(outcome.toString())
            .contains("ClusterFault", "the cluster does not answer as it should: etcdserver");
        assertThat(jobs()).isEmpty();
      }

      await().until(() -> tokens().isEmpty());
      deploys(push("good"));
    }
  }

  @Test
  void cancelledPushLeavesTheSweepToTheNext() throws Exception {
    Push first = push("cancelled");
    try (var silent = on("delete", "jobs").hang()) {
      pipeline.beginSweep();
      Running running = begin(first);
      await().until(() -> silent.hits() > 0);

      running.thread().interrupt();

      assertThat(running.await()).isEqualTo(new PushOutcome.Cancelled());
      pipeline.postReceive(first, new PushOutcome.Cancelled(), false);
    }

    deploys(push("good", Map.of("web/second", "second")));
    assertThat(jobs()).isNotEmpty().noneMatch(SweepIT::isLeft);
  }

  private static boolean isLeft(Job job) {
    return name(job).equals(LEFT) && job.getMetadata().getDeletionTimestamp() == null;
  }

  private static String name(Job job) {
    return job.getMetadata().getName();
  }

  private Requests on(String verb, String resource) {
    return faults().on(verb, resource).in(namespace);
  }
}
