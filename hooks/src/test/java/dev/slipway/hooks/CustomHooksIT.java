package dev.slipway.hooks;

import static dev.slipway.hooks.TestConfig.hookInImageOf;
import static dev.slipway.hooks.TestConfig.hookWithSource;
import static dev.slipway.hooks.TestConfig.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Hook.When;
import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pushes with hooks, on the embedded API. */
class CustomHooksIT extends PipelineOnCluster {
  private static final HookSettings MIGRATE =
      hookInImageOf("web", "migrate", When.BeforeDeploy, "table users: 1 column added");

  @Test
  void runsAMigrationInTheNewImageWhileTheOldOneRunsAndASmokeTestAfterwards() throws IOException {
    hooks(
        hookInImageOf("web", "smoke", When.AfterDeploy, "200 OK"),
        MIGRATE,
        hookInImageOf("web", "scan", When.AfterBuild, "0 known holes"),
        hookWithSource("lint", When.BeforeBuild, "no warnings"));
    Push push = push("good");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, true);

    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    assertThat(webDuring("migrate")).isEqualTo(OLD);
    assertThat(webDuring("smoke")).isEqualTo(image());
    assertThat(image()).isNotEqualTo(OLD);
    assertThat(jobs())
        .filteredOn(job -> job.getMetadata().getName().startsWith("dev-migrate-"))
        .extracting(
            job -> job.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage())
        .containsExactly(image());
    assertThat(lines)
        .containsSubsequence(
            "-----> Running hook lint (before the build)",
            "       lint | no warnings",
            "-----> Building 1 image",
            "-----> Running hook scan (after the build)",
            "       scan | 0 known holes",
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

  @Fault(
      during = During.DEPLOYING,
      what = "a hook before the deployment fails",
      leaves = "rejected with its last line; nothing deployed")
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
    assertThat(webDuring("migrate")).isEqualTo(OLD);
    assertThat(webDuring("later")).isNull();
    assertThat(lines).doesNotContain("-----> Deploying");
    assertThat(tokens()).isEmpty();
  }

  @Fault(
      during = During.DEPLOYING,
      what = "a hook after the deployment fails",
      leaves = "rejected with its last line; what ran before runs again; says which hooks had run")
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

  @Fault(
      during = During.DEPLOYING,
      what = "the client goes away while a hook runs",
      leaves = "its Job is deleted; no token, nothing deployed")
  @Test
  void leavesNothingOfAHookWhenTheClientGoesAway() throws Exception {
    hooks(hookWithSource("lint", When.BeforeBuild, "sleep"));

    leavesNothingWhenTheClientGoesAwayAfter("       lint | sleep", push("good"));
  }

  private @Nullable String webDuring(String hook) {
    return shared.get().webDuring(namespace, hook);
  }

  private void hooks(HookSettings... hooks) {
    pipeline = pipeline(TestConfig.of(target("web", "web")).hooks(hooks));
  }
}
