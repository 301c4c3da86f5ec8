package dev.slipway.hooks;

import static dev.slipway.hooks.TestRepository.config;
import static dev.slipway.hooks.TestRepository.hookInImageOf;
import static dev.slipway.hooks.TestRepository.hookWithSource;
import static dev.slipway.hooks.TestRepository.target;
import static dev.slipway.hooks.TestRepository.withHooks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.crd.Hook.When;
import dev.slipway.crd.gitd.HookSettings;
import java.io.IOException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pushes with hooks, on the embedded API. */
class CustomHooksIT extends PipelineOnCluster {
  private static final HookSettings MIGRATE =
      hookInImageOf("web", "migrate", When.BeforeDeploy, "table users: 1 column added");

  @BeforeEach
  void forget() {
    WEB_DURING.clear();
  }

  @Test
  void runsAMigrationInTheNewImageWhileTheOldOneRunsAndASmokeTestAfterwards() throws IOException {
    hooks(hookInImageOf("web", "smoke", When.AfterDeploy, "200 OK"), MIGRATE);
    Push push = push("good");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, true);

    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    assertThat(WEB_DURING).containsEntry("migrate", OLD).containsEntry("smoke", image());
    assertThat(image()).isNotEqualTo(OLD);
    assertThat(jobs())
        .filteredOn(job -> job.getMetadata().getName().startsWith("dev-migrate-"))
        .extracting(
            job -> job.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage())
        .containsExactly(image());
    assertThat(lines)
        .containsSubsequence(
            "-----> Building 1 image",
            "-----> Running hook migrate (before the deployment)",
            "       migrate | table users: 1 column added",
            "-----> Deploying",
            "       deployment/web: rolled out",
            "-----> Running hook smoke (after the deployment)",
            "       smoke | 200 OK")
        .anyMatch(line -> line.matches(" {7}migrate \\| done \\([0-9.]+ s\\)"))
        .last()
        .asString()
        .startsWith("=====> Deployed");
  }

  @Test
  void rejectsThePushOfAMigrationThatFailsAndChangesNothing() throws IOException {
    hooks(
        hookWithSource("migrate", When.BeforeDeploy, "no such table: users", "exit 3"),
        hookInImageOf("web", "later", When.BeforeDeploy, "never"));
    Push push = push("good");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isEqualTo(
            new PushOutcome.Rejected(
                "HookFailed",
                "hook migrate (before the deployment) ended with exit code 3: no such table: users;"
                    + " correct it and push again."));
    assertThat(image()).isEqualTo(OLD);
    assertThat(WEB_DURING).containsOnlyKeys("migrate");
    assertThat(lines).doesNotContain("-----> Deploying");
    assertThat(tokens()).isEmpty();
  }

  @Test
  void putsBackWhatRanWhenAHookFailsAfterTheDeploymentAndSaysWhatStays() throws IOException {
    hooks(MIGRATE, hookInImageOf("web", "smoke", When.AfterDeploy, "500 oh no", "exit 1"));
    Push push = push("good");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isEqualTo(
            new PushOutcome.Rejected(
                "HookFailed",
                "hook smoke (after the deployment) ended with exit code 1: 500 oh no; correct it"
                    + " and push again. What ran before runs again. Hook migrate had run; what it"
                    + " did is not undone."));
    assertThat(image()).isEqualTo(OLD);
  }

  @Test
  void leavesNothingOfAHookWhenTheClientGoesAway() throws Exception {
    hooks(hookWithSource("lint", When.BeforeBuild, "sleep"));
    Push push = push("good");
    FutureTask<PushOutcome> task = new FutureTask<>(() -> pipeline.preReceive(push, lines::add));
    Thread thread = Thread.ofVirtual().start(task);
    await().until(() -> lines.contains("       lint | sleep"));

    thread.interrupt();

    assertThat(task.get(20, TimeUnit.SECONDS)).isEqualTo(new PushOutcome.Cancelled());
    pipeline.postReceive(push, new PushOutcome.Cancelled(), false);
    assertThat(jobs()).allMatch(job -> job.getMetadata().getDeletionTimestamp() != null);
    assertThat(tokens()).isEmpty();
    assertThat(image()).isEqualTo(OLD);
  }

  private void hooks(HookSettings... hooks) {
    pipeline = pipeline(RESTORE_LIMIT, withHooks(config(target("web", "web")), hooks));
  }
}
