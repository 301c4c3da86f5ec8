package dev.slipway.hooks;

import static dev.slipway.hooks.TestConfig.target;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.demo.cluster.api.fault.Requests;
import dev.slipway.hooks.kube.LeanClient;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cluster does on a bad day, and the person pushing does not notice. */
@Isolated("a restart of the API is for all")
class PushThroughFaultsIT extends PipelineOnCluster {
  @Fault(
      during = During.DEPLOYING,
      what = "the API answers with 409 (twice), 429 and 500",
      leaves = "is tried again; deploys, and nobody notices")
  @Test
  void deploysThroughConflictsThrottlingAndServerErrors() throws Exception {
    try (var conflict = on("patch", "deployments").named("web").times(2).conflict();
        var throttled = on("create", "jobs").times(1).tooManyRequests(1);
        var broken = on("patch", "secrets").named("dev-gitd-tokens").times(1).serverError()) {
      deploys(push("good"));

      assertThat(conflict.hits()).isEqualTo(2);
      assertThat(throttled.hits()).isEqualTo(1);
      assertThat(broken.hits()).isEqualTo(1);
    }
  }

  /** Carried out, and nobody knows: what is read next is the new image already. */
  @Fault(
      during = During.DEPLOYING,
      what = "the image is set, the answer is lost, and the image turns out bad",
      leaves = "rejected; what ran before runs again")
  @Test
  void putsBackWhatRanThoughTheAnswerToSettingTheImageIsLost() throws Exception {
    String before = image();
    Push push = push("bad image");
    try (var lost = on("patch", "deployments").named("web").times(1).loseAnswer()) {
      PushOutcome outcome = pipeline.preReceive(push, lines::add);
      pipeline.postReceive(push, outcome, false);

      assertThat(lost.hits()).isEqualTo(1);
      assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Rejected.class);
    }
    assertThat(image()).as("%s", lines).isEqualTo(before);
  }

  @Fault(
      during = During.BUILDING,
      what = "the API server restarts",
      leaves = "deploys; every log line once")
  @Test
  void deploysThoughTheApiServerRestartsWhileItBuilds() throws Exception {
    Push push = push("held");
    Running running = begin(push);
    await().until(() -> lines.contains("       Step: RUN make"));

    faults().restartApi();
    letGo(push);

    deployed(push, running.await());
    assertThat(lines).containsOnlyOnce("       Step: RUN make");
  }

  @Fault(
      during = During.BUILDING,
      what = "the log stream breaks in the middle of a line, twice",
      leaves = "deploys; every log line once")
  @Test
  void showsEachLineOnceThoughTheLogBreaks() throws Exception {
    try (var cut = on("get", "pods/log").times(2).breakAfter(60)) {
      deploys(push("good"));

      assertThat(cut.hits()).isEqualTo(2);
      assertThat(lines).containsOnlyOnce("       Step: RUN make");
    }
  }

  /** As the kubelet does when it rotates a log, or after four hours: within and between seconds. */
  @Fault(
      during = During.BUILDING,
      what = "the stream of a long log is cut again and again",
      leaves = "deploys; every log line once, in order")
  @Test
  void showsALongLogOnceAndInOrderThoughItIsCutAgainAndAgain() throws Exception {
    try (var cut = on("get", "pods/log").times(6).breakAfter(4000)) {
      deploys(push("chatty"));

      assertThat(cut.hits()).isEqualTo(6);
    }
    assertThat(
            lines.stream()
                .filter(line -> line.contains(" line "))
                .map(line -> line.strip().substring(5, 8)))
        .containsExactlyElementsOf(IntStream.range(0, 200).mapToObj("%03d"::formatted).toList());
  }

  @Fault(during = During.BUILDING, what = "all watches break", leaves = "deploys")
  @Test
  void deploysThoughWatchesBreak() throws Exception {
    Push push = push("held");
    Running running = begin(push);
    await().until(() -> lines.contains("       Step: RUN make"));

    assertThat(on("watch", "*").drop()).isPositive();
    letGo(push);

    deployed(push, running.await());
  }

  /** What is asked for may arrive after the one who asked has gone. */
  @Fault(
      during = During.BUILDING,
      what = "the client goes away while the Job is being made",
      leaves = "the Job is deleted; no token, nothing deployed")
  @Test
  void leavesNoJobThatIsCreatedWhileTheClientGoesAway() throws Exception {
    Push push = push("held");
    var created =
        client()
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace)
            .informOnCondition(jobs -> !jobs.isEmpty());
    try (var late = on("create", "jobs").delay(Duration.ofSeconds(1))) {
      Running running = begin(push);
      await().until(() -> late.hits() == 1);

      running.thread().interrupt();

      assertThat(created.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isNotEmpty();
      isCancelled(push, running);
    }
  }

  /** As an API server does that loses the kubelet. */
  @Fault(
      during = During.BUILDING,
      what = "the log ends after {}, as if it were complete, twice",
      leaves = "is read on; every log line once, and the error among them")
  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(longs = {10, 25, 28, 60})
  void showsEachLineOnceThoughTheLogEndsInTheMiddleOfOne(long bytes) throws Exception {
    Push push = push("failing");
    try (var cut = on("get", "pods/log").times(2).endAfter(bytes)) {
      PushOutcome outcome = pipeline.preReceive(push, lines::add);
      pipeline.postReceive(push, outcome, false);

      assertThat(cut.hits()).isEqualTo(2);
      assertThat(outcome.toString()).contains("exit code 3: oh no: missing header");
    }
    assertThat(lines)
        .containsOnlyOnce("       Step: RUN make", "       oh no: missing header")
        .noneMatch(line -> line.contains("2026-11-21"));
  }

  @Fault(
      during = During.BUILDING,
      what = "the client goes away, and the API fails for longer than it is waited for",
      leaves = "the Job and its token are deleted as soon as the API can")
  @Test
  void deletesWhatIsLeftOnceTheApiCan() throws Exception {
    try (KubernetesClient impatient =
        LeanClient.builder()
            .withConfig(
                new ConfigBuilder(client().getConfiguration())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build()) {
      pipeline =
          pipeline(TestConfig.of(target("web", "web")), impatient, LIMIT, Duration.ofSeconds(1));
      Push push = push("held");
      Running running = begin(push);
      await().until(() -> lines.contains("       Step: RUN make"));

      try (var kept = on("delete", "jobs").serverError();
          var known = on("patch", "secrets").named("dev-gitd-tokens").serverError()) {
        running.thread().interrupt();

        assertThat(running.await()).isEqualTo(new PushOutcome.Cancelled());
        assertThat(kept.hits()).isPositive();
        assertThat(known.hits()).isPositive();
        assertThat(tokens()).isNotEmpty();
        assertThat(jobs()).anyMatch(job -> job.getMetadata().getDeletionTimestamp() == null);
      }

      await().until(() -> tokens().isEmpty());
      await()
          .until(
              () ->
                  jobs().stream()
                      .allMatch(job -> job.getMetadata().getDeletionTimestamp() != null));
    }
  }

  @Fault(
      during = During.DEPLOYING,
      what = "the API does not answer for a while",
      leaves = "says what is waited for; deploys")
  @Test
  void saysWhatItWaitsForWhileTheApiDoesNotAnswer() throws Exception {
    Push push = push("good");
    Running running;
    try (var silent = on("patch", "deployments").named("web").hang()) {
      running = begin(push);
      await()
          .until(
              () ->
                  shown("waiting for the cluster to set the images of deployment/web (")
                      .isPresent());
      assertThat(silent.hits()).isPositive();
    }

    deployed(push, running.await());
  }

  @Fault(
      during = During.PLANNING,
      what = "the API does not answer for a while",
      leaves = "says what is waited for; deploys")
  @Test
  void saysWhatItWaitsForWhileItPlans() throws Exception {
    Push push = push("good");
    Running running;
    try (var silent = on("get", "deployments").named("web").hang()) {
      running = begin(push);
      await().until(() -> shown("waiting for the cluster to say what it runs (").isPresent());
      assertThat(silent.hits()).isPositive();
    }

    deployed(push, running.await());
  }

  @Fault(during = During.REHEARSING, what = "the API server restarts", leaves = "deploys")
  @Test
  void deploysThoughTheApiServerRestartsWhileItChecksManifests() throws Exception {
    kubectl("create", "serviceaccount", "dev-manifests");
    kubectl(
        "create",
        "rolebinding",
        "dev-manifests",
        "--clusterrole=cluster-admin",
        "--serviceaccount=" + namespace + ":dev-manifests");
    pipeline =
        pipeline(
            TestConfig.of(target("web", "web"))
                .manifests(
                    new ManifestSettings(
                        "k8s",
                        null,
                        JsonNodeFactory.instance.objectNode(),
                        "dev-manifests",
                        /* prune= */ true,
                        /* forceConflicts= */ false)));
    Push push =
        push(
            "good",
            Map.of(
                "k8s/one.yaml",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: one}, data: {key: first}}"));

    Running running = begin(push, at("-----> Checking 1 manifest", faults()::restartApi));

    deployed(push, running.await());
    assertThat(client().configMaps().inNamespace(namespace).withName("one").get()).isNotNull();
  }

  @Fault(
      during = During.DEPLOYING,
      what = "the API server restarts, and all watches break, while pods are awaited",
      leaves = "deploys")
  @Test
  void deploysThoughTheApiServerRestartsAndWatchesBreakWhileItRollsOut() throws Exception {
    Push push = push("good");
    // Nobody tells that the new pod is ready.
    Requests statuses = on("update", "pods/status");
    AtomicReference<dev.slipway.demo.cluster.api.fault.@Nullable Fault> notReady =
        new AtomicReference<>();
    Running running = begin(push, at("-----> Deploying", () -> notReady.set(statuses.hang())));
    try {
      await().until(() -> shown("0 of 1 new replicas ready").isPresent());

      faults().restartApi();
      on("watch", "*").drop();
    } finally {
      requireNonNull(notReady.get()).close();
    }

    deployed(push, running.await());
    assertThat(lines).containsOnlyOnce("       deployment/web: rolled out");
  }

  @Fault(
      during = During.RESTORING,
      what = "the API server restarts",
      leaves = "rejected; what ran before runs again")
  @Test
  void putsBackWhatRanThoughTheApiServerRestarts() throws Exception {
    Push push = push("bad image");

    Running running = begin(push, at("-----> Putting back what ran before", faults()::restartApi));

    PushOutcome outcome = running.await();
    pipeline.postReceive(push, outcome, false);
    assertThat(outcome.toString()).contains("What ran before runs again.");
    assertThat(image()).isEqualTo(OLD);
  }

  /** Does something before the push goes on after it has begun to show a line. */
  private Terminal at(String beginning, Runnable action) {
    return line -> {
      lines.add(line);
      if (line.startsWith(beginning)) {
        action.run();
      }
    };
  }

  private Optional<String> shown(String words) {
    return lines.stream().filter(line -> line.contains(words)).findFirst();
  }

  private Requests on(String verb, String resource) {
    return faults().on(verb, resource).in(namespace);
  }
}
