package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteStatus;
import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import dev.slipway.demo.cluster.EmbeddedCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Reports what many Remotes that are created at once cost the controller, a process with the
 * options of its image beside an API server with nothing behind it. {@code make bench}
 */
@Isolated("measures")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ScaleBench {
  /** Of which the cost of one is compared. */
  private static final List<Integer> REMOTES =
      Stream.of(System.getProperty("slipway.bench.remotes", "500,2000").split(","))
          .map(Integer::valueOf)
          .toList();

  private static final int IN_A_NAMESPACE = 50;
  private static final int CREATORS = 4;
  private static final Duration SETTLING = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** Until all looks have been that were planned while gitds did not run yet. */
  private static final Duration LAST_LOOKS = Duration.ofSeconds(70);

  @TempDir Path directory;

  @Test
  void reportsItsRows() throws Exception {
    List<Double> costs = new ArrayList<>();
    for (int remotes : REMOTES) {
      costs.add(costOfEach(remotes));
    }
    if (costs.size() > 1) {
      BenchRow.compared(
              "controller, CPU for each of %d Remotes".formatted(REMOTES.getLast()),
              "ms",
              List.of(costs.getLast()),
              "each of %d".formatted(REMOTES.getFirst()),
              List.of(costs.getFirst()),
              Goal.atMost(1.1))
          .report();
    }
  }

  private double costOfEach(int remotes) throws Exception {
    try (var cluster = EmbeddedCluster.startTemporaryApi()) {
      kubectl(cluster, "apply", "-f", "../crd/remote.yaml");
      kubectl(cluster, "wait", "--for=condition=Established", "crd/remotes.gitkube.sh");
      kubectl(cluster, "apply", "-f", "../deploy/slipway.yaml");
      var client = cluster.client();
      inParallel(remotes / IN_A_NAMESPACE, i -> prepareNamespace(client, "team-" + i));
      inParallel(remotes, i -> prepareTarget(client, i));
      double each = firstLooks(cluster, remotes);
      restart(cluster, remotes);
      return each;
    }
  }

  /** From the first Remote that is created to the last one whose status says what came of it. */
  private double firstLooks(EmbeddedCluster cluster, int remotes) throws Exception {
    var done = new CountDownLatch(remotes);
    try (var controller = ControllerProcess.start(cluster, directory);
        var _ = remotes(cluster).watch(counting(done, "GitdAvailable", "Starting"))) {
      double before = controller.cpuSeconds();
      double apiBefore = apiCpuSeconds();
      long begin = System.nanoTime();
      inParallel(remotes, i -> cluster.client().resource(remote(i)).create());
      assertThat(done.await(20, TimeUnit.MINUTES)).isTrue();
      double seconds = secondsSince(begin);
      double api = (apiCpuSeconds() - apiBefore) * 1000 / remotes;
      double own = (controller.cpuSeconds() - before) * 1000 / remotes;
      BenchRow.compared(
              "controller, CPU until each of %d Remotes is applied".formatted(remotes),
              "ms",
              List.of(own),
              "the API, and whoever creates them",
              List.of(api),
              Goal.atMost(1))
          .report();
      Thread.sleep(SETTLING);
      double settled = controller.cpuSeconds();
      row(remotes, "created at once", "/s", remotes / seconds, Goal.atLeast(100));
      row(remotes, "created at once, peak of memory", "MiB", controller.peak(), Goal.atMost(512));
      runGitds(cluster, remotes);
      Thread.sleep(LAST_LOOKS);
      double busy = controller.cpuSeconds();
      Thread.sleep(IDLE);
      double idle = (controller.cpuSeconds() - busy) * 100 / IDLE.toSeconds();
      row(remotes, "idle", "% of a core", idle, Goal.atMost(1));
      return (settled - before) * 1000 / remotes;
    }
  }

  /** As a node would say it: what does not run yet is looked at again every minute. */
  private static void runGitds(EmbeddedCluster cluster, int remotes) throws InterruptedException {
    var ready = new CountDownLatch(remotes);
    try (var _ = remotes(cluster).watch(counting(ready, "Ready", "Ready"))) {
      inParallel(
          remotes,
          i ->
              cluster
                  .client()
                  .apps()
                  .deployments()
                  .inNamespace(namespace(i))
                  .withName("dev-%d-gitd".formatted(i))
                  .editStatus(
                      gitd ->
                          new DeploymentBuilder(gitd)
                              .withNewStatus()
                              .withObservedGeneration(gitd.getMetadata().getGeneration())
                              .withReplicas(1)
                              .withUpdatedReplicas(1)
                              .withReadyReplicas(1)
                              .withAvailableReplicas(1)
                              .endStatus()
                              .build()));
      assertThat(ready.await(20, TimeUnit.MINUTES)).isTrue();
    }
  }

  private void restart(EmbeddedCluster cluster, int remotes) throws Exception {
    long begin = System.nanoTime();
    try (var controller = ControllerProcess.start(cluster, directory)) {
      controller.awaitReconciled(remotes);
      double seconds = secondsSince(begin);
      row(remotes, "looked at again by a new process", "/s", remotes / seconds, Goal.atLeast(100));
      row(remotes, "the same, peak of memory", "MiB", controller.peak(), Goal.atMost(512));
    }
  }

  private static void row(int remotes, String what, String unit, double measured, Goal goal)
      throws IOException {
    BenchRow.alone(
            "controller, %d Remotes %s".formatted(remotes, what), unit, List.of(measured), goal)
        .report();
  }

  private static void kubectl(EmbeddedCluster cluster, String... args) {
    var result = cluster.kubectl().run(args);
    assertThat(result.exitCode()).as("%s", result).isZero();
  }

  private static void prepareNamespace(KubernetesClient client, String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("registry")
                .withNamespace(name)
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToStringData(
                    ".dockerconfigjson",
                    "{\"auths\":{\"docker.io\":{\"username\":\"u\",\"password\":\"p\"}}}")
                .build())
        .create();
  }

  private static void prepareTarget(KubernetesClient client, int i) {
    client
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withName("web-" + i)
                .withNamespace(namespace(i))
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", "web-" + i)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web-" + i)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("web")
                .withImage("none")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  private static Remote remote(int i) {
    return Serialization.unmarshal(
        """
        apiVersion: gitkube.sh/v1alpha1
        kind: Remote
        metadata: {name: dev-%d, namespace: %s}
        spec:
          authorizedKeys:
          - %s
          registry: {url: docker.io/user, credentials: {secretRef: registry}}
          deployments:
          - name: web-%d
            containers: [{name: web}]
        """
            .formatted(i, namespace(i), InstalledController.ANA, i),
        Remote.class);
  }

  private static String namespace(int i) {
    return "team-" + i / IN_A_NAMESPACE;
  }

  private static void inParallel(int count, IntConsumer step) {
    try (var threads = Executors.newFixedThreadPool(CREATORS)) {
      for (int i = 0; i < count; i++) {
        int number = i;
        threads.execute(() -> step.accept(number));
      }
    }
  }

  private static AnyNamespaceOperation<Remote, ?, ?> remotes(EmbeddedCluster cluster) {
    return cluster.client().resources(Remote.class).inAnyNamespace();
  }

  /**
   * Counts each Remote when its status says that it has come so far: when gitd may start, all is
   * applied.
   */
  private static Watcher<Remote> counting(CountDownLatch done, String condition, String reason) {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Remote remote) {
        if (says(remote.getStatus(), condition, reason)
            && seen.add(remote.getMetadata().getUid())) {
          done.countDown();
        }
      }

      @Override
      public void onClose(WatcherException cause) {}
    };
  }

  private static boolean says(@Nullable RemoteStatus status, String condition, String reason) {
    return status != null
        && status.conditions() != null
        && status.conditions().stream()
            .anyMatch(it -> it.getType().equals(condition) && it.getReason().equals(reason));
  }

  /** Of this process, in which the API runs, and whoever creates the Remotes. */
  private static double apiCpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1000.0;
  }

  private static double secondsSince(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
