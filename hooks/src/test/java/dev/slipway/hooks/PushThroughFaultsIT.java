package dev.slipway.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.demo.cluster.api.fault.Requests;
import dev.slipway.demo.cluster.real.RealApi;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a cluster does on a bad day, and the person pushing does not notice. */
@Isolated("a restart of the API is for all")
class PushThroughFaultsIT extends PipelineOnCluster {
  @BeforeAll
  static void needsFaults() {
    assumeFalse(RealApi.isWanted(), "faults of single requests");
  }

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

  private Requests on(String verb, String resource) {
    return faults().on(verb, resource).in(namespace);
  }
}
