package dev.slipway.hooks;

import static dev.slipway.hooks.TestConfig.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.hooks.workload.LiveWorkload;
import dev.slipway.hooks.workload.Workloads;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pushes that change workloads of every kind at once: all of them, or none. */
class PushToWorkloadsIT extends PipelineOnCluster {
  private static final Workload WEB = Workload.deployment("web");
  private static final Workload DB = new Workload(WorkloadKind.StatefulSet, "db");
  private static final Workload EDGE = new Workload(WorkloadKind.DaemonSet, "edge");
  private static final Workload REPORT = new Workload(WorkloadKind.CronJob, "report");

  private static final String WORKLOADS =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        replicas: 2
        serviceName: db
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            initContainers: [{name: prepare, image: "OLD"}, {name: check, image: busybox}]
            containers: [{name: db, image: "OLD"}]
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: edge}
      spec:
        selector: {matchLabels: {app: edge}}
        template:
          metadata: {labels: {app: edge}}
          spec: {containers: [{name: edge, image: "OLD"}]}
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 0 1 1 *"
        jobTemplate:
          spec:
            template:
              spec:
                restartPolicy: Never
                containers: [{name: report, image: "OLD"}]
      """;

  private static Target target(Workload workload, Place... also) {
    Target.Container plain = container(workload.name(), "web", "web/Dockerfile");
    return new Target(
        workload,
        List.of(
            new Target.Container(
                plain.name(),
                plain.path(),
                plain.dockerfile(),
                null,
                List.of(),
                List.of(),
                "",
                List.of(),
                /* noCache= */ false,
                /* buildOnly= */ false,
                List.of(also))));
  }

  @Override
  void createWorkloads() {
    super.createWorkloads();
    List<HasMetadata> objects =
        client()
            .load(
                new ByteArrayInputStream(
                    WORKLOADS.replace("OLD", OLD).getBytes(StandardCharsets.UTF_8)))
            .items();
    objects.forEach(object -> client().resource(object).inNamespace(namespace).create());
  }

  @BeforeEach
  void awaitWorkloads() {
    Place[] also = {new Place(DB, "prepare"), new Place(EDGE, "edge"), new Place(REPORT, "report")};
    pipeline = pipeline(TestConfig.of(target(WEB, also), target(DB)));
    await()
        .untilAsserted(
            () ->
                assertThat(List.of(WEB, DB, EDGE))
                    .allMatch(it -> live(it).progress().isComplete()));
  }

  @Test
  void setsOneBuildInSeveralPlacesAndAwaitsEveryKind() throws IOException {
    Push push = push("good");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, true);

    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    assertThat(lines)
        .contains(
            "-----> Building 2 images",
            "       deployment/web: rolled out",
            "       statefulset/db: rolled out",
            "       daemonset/edge: rolled out",
            "       cronjob/report: set for its next run");
    String web = live(WEB).images().get("web");
    assertThat(web).contains("/%1$s-dev-%1$s.web-web:".formatted(namespace));
    assertThat(live(EDGE).images()).containsEntry("edge", web);
    assertThat(live(REPORT).images()).containsEntry("report", web);
    assertThat(live(DB).images())
        .containsEntry("prepare", web)
        .containsEntry("check", "busybox")
        .hasEntrySatisfying(
            "db",
            it ->
                assertThat(it).contains("/%1$s-dev-%1$s.statefulset_db-db:".formatted(namespace)));
    assertThat(pods("db"))
        .hasSize(2)
        .allSatisfy(
            pod -> {
              assertThat(pod.getSpec().getInitContainers())
                  .extracting("name")
                  .containsExactly("prepare", "check");
              assertThat(pod.getSpec().getInitContainers().getFirst().getImage()).isEqualTo(web);
            });
  }

  @Fault(
      during = During.DEPLOYING,
      what = "one of several targets does not get healthy",
      leaves = "rejected; all of them run what ran before, a StatefulSet without its stuck pod")
  @Test
  void putsAllKindsBackWhenAStatefulSetFailsAndGetsItPastItsBrokenPod() throws IOException {
    Map<Workload, Map<String, String>> before = images();
    Push push = push("bad statefulset_db");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            PushOutcome.Rejected.class,
            rejected ->
                assertThat(rejected.sentence())
                    .startsWith("statefulset/db cannot pull its new image")
                    .as("%s", lines)
                    .endsWith("What ran before runs again."));
    assertThat(lines)
        .contains(
            "       statefulset/db: pod db-1 is not ready and holds up the others, so it is made anew");
    assertThat(lines).noneMatch(line -> line.contains("cronjob/report"));
    assertThat(images()).isEqualTo(before);
    assertThat(pods("db"))
        .hasSize(2)
        .allSatisfy(
            pod -> assertThat(pod.getSpec().getContainers().getFirst().getImage()).isEqualTo(OLD));
  }

  private Map<Workload, Map<String, String>> images() {
    return Map.of(
        WEB, live(WEB).images(),
        DB, live(DB).images(),
        EDGE, live(EDGE).images(),
        REPORT, live(REPORT).images());
  }

  private LiveWorkload live(Workload workload) {
    return new Workloads(client(), namespace).find(workload).orElseThrow();
  }

  private List<Pod> pods(String app) {
    return client().pods().inNamespace(namespace).withLabel("app", app).list().getItems();
  }
}
