package dev.slipway.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a cluster does on a bad day, and the person pushing does not notice. */
class PushThroughFaultsIT extends PipelineOnCluster {
  @BeforeAll
  static void needsFaults() {
    cluster.assumeEmbedded("faults of single requests");
  }

  @Test
  void deploysThroughConflictsThrottlingAndServerErrors() throws Exception {
    var faults = cluster.faults();
    try (var conflict = faults.on("patch", "deployments").named("web").times(2).conflict();
        var throttled = faults.on("create", "jobs").times(1).tooManyRequests(1);
        var broken =
            faults.on("patch", "secrets").named("dev-gitd-tokens").times(1).serverError()) {
      deploys(push("good"));

      assertThat(conflict.hits()).isEqualTo(2);
      assertThat(throttled.hits()).isEqualTo(1);
      assertThat(broken.hits()).isEqualTo(1);
    }
  }

  /** Carried out, and nobody knows: what is read next is the new image already. */
  @Test
  void putsBackWhatRanThoughTheAnswerToSettingTheImageIsLost() throws Exception {
    String before = image();
    Push push = push("bad image");
    try (var lost =
        cluster.faults().on("patch", "deployments").named("web").times(1).loseAnswer()) {
      PushOutcome outcome = pipeline.preReceive(push, lines::add);
      pipeline.postReceive(push, outcome, false);

      assertThat(lost.hits()).isEqualTo(1);
      assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Rejected.class);
    }
    assertThat(image()).as("%s", lines).isEqualTo(before);
  }

  @Test
  void deploysThoughTheApiServerRestartsWhileItBuilds() throws Exception {
    Push push = push("good");
    FutureTask<PushOutcome> task = new FutureTask<>(() -> pipeline.preReceive(push, lines::add));
    Thread.ofVirtual().start(task);
    await().until(() -> lines.contains("       Step: RUN make"));

    cluster.faults().restartApi();

    PushOutcome outcome = task.get(60, TimeUnit.SECONDS);
    pipeline.postReceive(push, outcome, true);
    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    assertThat(lines).containsOnlyOnce("       Step: RUN make");
  }

  @Test
  void showsEachLineOnceThoughTheLogBreaks() throws Exception {
    try (var cut = cluster.faults().on("get", "pods/log").times(2).breakAfter(60)) {
      deploys(push("good"));

      assertThat(cut.hits()).isEqualTo(2);
      assertThat(lines).containsOnlyOnce("       Step: RUN make");
    }
  }

  @Test
  void deploysThoughWatchesBreak() throws Exception {
    Push push = push("good");
    FutureTask<PushOutcome> task = new FutureTask<>(() -> pipeline.preReceive(push, lines::add));
    Thread.ofVirtual().start(task);
    await().until(() -> lines.contains("       Step: RUN make"));

    cluster.faults().on("watch", "*").in("default").drop();

    PushOutcome outcome = task.get(60, TimeUnit.SECONDS);
    pipeline.postReceive(push, outcome, true);
    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
  }

  private void deploys(Push push) {
    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, true);
    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
  }
}
