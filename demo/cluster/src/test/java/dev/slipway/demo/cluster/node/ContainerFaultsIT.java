package dev.slipway.demo.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.NodePart;
import dev.slipway.demo.cluster.NodeRequirements;
import dev.slipway.demo.cluster.api.fault.Requests;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Faults of containers and of their logs, as the real kubectl meets them. */
class ContainerFaultsIT {
  @Order(1)
  @RegisterExtension
  static final BeforeAllCallback requirements = context -> NodeRequirements.assumeMet();

  @Order(2)
  @RegisterExtension
  static final ClusterExtension cluster = ClusterExtension.with(new NodePart(List.of(), 0.1));

  @Test
  void cutsAndRotatesTheLogOfAPodThatGoesOnPrinting() throws Exception {
    run("talker", "i=0; while sleep 0.1; do i=$((i+1)); echo line $i; done");
    await().until(() -> cluster.kubectl("logs", "talker").output().contains("line 2"));

    try (var fault = logOf("talker").endAfter(10)) {
      var ended = cluster.kubectl("logs", "-f", "talker");
      assertThat(ended.output()).isEqualTo("line 1\nlin");
      assertThat(ended.exitCode()).isZero();
      assertThat(fault.hits()).isEqualTo(1);
    }
    try (var _ = logOf("talker").breakAfter(10)) {
      var broken = cluster.kubectl("logs", "-f", "talker");
      assertThat(broken.output()).isEqualTo("line 1\nlin");
      assertThat(broken.errors()).contains("unexpected EOF");
    }

    var following = cluster.cluster().kubectl().start("logs", "-f", "talker");
    try (var lines = following.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("line 1");
      cluster.faults().containers().rotateLog("default", "talker", "main");
      assertThat(lines.lines().toList()).last().asString().startsWith("line ");
      assertThat(following.waitFor()).isZero();
    }
    assertThat(cluster.kubectl("logs", "talker").output()).doesNotContain("line 1\n");
    await().until(() -> !cluster.kubectl("logs", "talker").output().isEmpty());
  }

  @Test
  void killsAContainerWhichThenStartsAgain() throws Exception {
    run("victim", "sleep 1000 & wait");
    await().until(() -> status("victim").getState().getRunning() != null);

    cluster.faults().containers().kill("default", "victim", "main");

    await().until(() -> status("victim").getRestartCount() == 1);
    assertThat(status("victim").getLastState().getTerminated().getExitCode()).isEqualTo(137);
  }

  @Test
  void killsAllContainersOfWhichThoseOfJobsHaveFailedAndOthersStartAgain() throws Exception {
    run("server", "sleep 1000 & wait");
    run("build", "sleep 1000 & wait", "Never");
    await().until(() -> status("server").getState().getRunning() != null);
    await().until(() -> status("build").getState().getRunning() != null);

    cluster.faults().containers().killAll();

    await().until(() -> status("server").getRestartCount() == 1);
    await().until(() -> status("build").getState().getTerminated() != null);
    assertThat(status("build").getState().getTerminated().getExitCode()).isEqualTo(137);
  }

  private static Requests logOf(String pod) {
    return cluster.faults().on("get", "pods/log").in("default").named(pod);
  }

  private static ContainerStatus status(String pod) {
    var found = cluster.client().pods().inNamespace("default").withName(pod);
    return found
        .waitUntilCondition(
            each -> each != null && !each.getStatus().getContainerStatuses().isEmpty(),
            5,
            TimeUnit.MINUTES)
        .getStatus()
        .getContainerStatuses()
        .getFirst();
  }

  private static void run(String name, String script) {
    run(name, script, "Always");
  }

  private static void run(String name, String script, String restartPolicy) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withTerminationGracePeriodSeconds(0L)
            .withRestartPolicy(restartPolicy)
            .addNewContainer()
            .withName("main")
            .withImage("busybox")
            .withCommand("sh", "-c", script)
            .endContainer()
            .endSpec()
            .build();
    cluster.client().pods().inNamespace("default").resource(pod).create();
  }
}
