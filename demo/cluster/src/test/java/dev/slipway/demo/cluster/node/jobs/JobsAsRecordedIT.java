package dev.slipway.demo.cluster.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.NodePart;
import dev.slipway.demo.cluster.NodeRequirements;
import dev.slipway.demo.cluster.api.replay.Recordings;
import dev.slipway.demo.cluster.image.Registry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every recorded Job goes on the node as it went on a real one; many at once. */
@Order(2)
class JobsAsRecordedIT {
  @Order(1)
  @RegisterExtension
  static final BeforeAllCallback requirements = context -> NodeRequirements.assumeMet();

  @Order(2)
  @RegisterExtension
  static final ClusterExtension cluster = ClusterExtension.with(new NodePart(List.of(), 0.1));

  private static final int AT_ONCE = 6;
  private static final String ENFORCE = "pod-security.kubernetes.io/enforce";

  private static final Map<String, Map<String, String>> LABELS =
      Map.of(
          "16-podsecurity-restricted", Map.of(ENFORCE, "restricted"),
          "17-podsecurity-baseline-kaniko", Map.of(ENFORCE, "baseline"));

  private static final Map<String, String> OBJECTS =
      Map.of(
          "13-missing-key-in-secret",
          "{apiVersion: v1, kind: Secret, metadata: {name: regcred}, stringData: {a: b}}",
          "14-quota-blocked",
          "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: '0'}}}",
          "15-quota-needs-limits",
          "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {limits.memory: 1Gi}}}",
          "33-limitrange-max",
          "{apiVersion: v1, kind: LimitRange, metadata: {name: r}, spec: {limits: [{type: Container, max: {memory: 64Mi}}]}}");

  @TempDir static Path open;
  @TempDir static Path closed;

  private static Registry anybody;
  private static Registry nobody;

  @BeforeAll
  static void startRegistries() throws Exception {
    anybody = Registry.start(open, Optional.empty());
    nobody = Registry.start(closed, Optional.of(new Registry.Login("somebody", "else")));
  }

  @AfterAll
  static void stopRegistries() {
    anybody.close();
    nobody.close();
  }

  @TestFactory
  Stream<DynamicTest> goesAsRecorded() throws Exception {
    var images =
        Map.of(
            "busybox:nope", anybody.host() + "/library/busybox:nope",
            "private.test:5001/team", nobody.host() + "/team");
    var started = new LinkedHashMap<JobScenario, Future<?>>();
    var players = Executors.newFixedThreadPool(AT_ONCE);
    try (var folders = Files.list(Recordings.section("d-jobs"))) {
      for (var folder : folders.filter(Files::isDirectory).sorted().toList()) {
        var scenario = new JobScenario(cluster.client(), folder, images);
        var name = scenario.toString();
        started.put(
            scenario,
            players.submit(
                () ->
                    scenario.play(
                        LABELS.getOrDefault(name, Map.of()), OBJECTS.getOrDefault(name, ""))));
      }
    }
    players.shutdown();
    return started.entrySet().stream()
        .map(each -> DynamicTest.dynamicTest(each.getKey().toString(), () -> compare(each)));
  }

  private static void compare(Map.Entry<JobScenario, Future<?>> started) throws Exception {
    try (var scenario = started.getKey()) {
      started.getValue().get();
      var recorded = scenario.recorded();
      boolean endless = scenario.isEndless();
      await()
          .untilAsserted(
              () -> {
                var observed = scenario.observed();
                assertThat(observed.as(recorded, endless))
                    .isEqualTo(recorded.as(observed, endless));
              });
    }
  }
}
