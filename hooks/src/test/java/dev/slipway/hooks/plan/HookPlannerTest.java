package dev.slipway.hooks.plan;

import static dev.slipway.hooks.TestConfig.config;
import static dev.slipway.hooks.TestConfig.hookInImageOf;
import static dev.slipway.hooks.TestConfig.hookWithSource;
import static dev.slipway.hooks.TestConfig.target;
import static dev.slipway.hooks.TestRepository.file;
import static dev.slipway.hooks.TestRepository.link;
import static dev.slipway.hooks.TestRepository.program;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Hook.When;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.hooks.TestConfig;
import dev.slipway.hooks.TestRepository;
import dev.slipway.hooks.TestRepository.TestFile;
import dev.slipway.hooks.context.ContextSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HookPlannerTest {
  private static final Map<String, TestFile> FILES =
      Map.of(
          "deploy/migrate.sh", program("#!/bin/sh\n"),
          "deploy/plain.sh", file("#!/bin/sh\n"));

  private final TestRepository git = new TestRepository();
  private final List<Finding> findings = new ArrayList<>();

  @AfterEach
  void close() {
    git.close();
  }

  @Test
  void handsAllFilesToAHookThatNeedsThem() throws IOException {
    HookSettings hook = hookWithSource("migrate", When.BeforeDeploy, "./deploy/migrate.sh");

    List<PlannedHook> planned = plan(FILES, hook);

    assertThat(findings).isEmpty();
    assertThat(planned).hasSize(1);
    assertThat(planned.getFirst().source()).isInstanceOf(ContextSource.OfCommit.class);
  }

  @Test
  void namesProgramsThatCouldNotStart() throws IOException {
    var planned =
        plan(
            FILES,
            hookWithSource("gone", When.BeforeBuild, "./deploy/gone.sh"),
            hookWithSource("plain", When.BeforeBuild, "deploy/plain.sh"),
            hookWithSource("stray", When.BeforeBuild, "../sh"),
            hookWithSource("shell", When.BeforeBuild, "sh", "./deploy/plain.sh"));

    assertThat(planned).hasSize(4);
    assertThat(findings)
        .extracting(Finding::sentence)
        .containsExactly(
            "hook gone runs ./deploy/gone.sh, which is no file of this commit; add it or correct"
                + " the Remote.",
            "hook plain runs deploy/plain.sh, which is not executable; run git update-index"
                + " --chmod=+x deploy/plain.sh, commit and push again.",
            "hook stray runs ../sh, which is no file of this commit; add it or correct the"
                + " Remote.");
  }

  @Test
  void refusesLinksThatLeadOutOnlyWhereFilesAreNeeded() throws IOException {
    Map<String, TestFile> files = Map.of("etc/passwd", link("/etc/passwd"));

    var without = plan(files, hookInImageOf("web", "migrate", When.BeforeDeploy, "migrate"));
    assertThat(without).hasSize(1);
    assertThat(findings).isEmpty();

    var with = plan(files, hookWithSource("lint", When.BeforeBuild, "lint"));
    assertThat(with).hasSize(1);
    assertThat(findings).extracting(Finding::reason).containsExactly("StrayLink");
  }

  @Test
  void refusesAnImageThatThisBranchDoesNotBuild() throws IOException {
    var planned = plan(FILES, hookInImageOf("tools", "migrate", When.BeforeDeploy, "migrate"));

    assertThat(planned).hasSize(1);
    assertThat(findings).extracting(Finding::reason).containsExactly("HookImageNotBuilt");
  }

  @Test
  void aHookInAnImageGoesWhereverThatImageIsBuilt() {
    GitdConfig config =
        TestConfig.of(target("web", "web"))
            .hooks(
                hookInImageOf("web", "migrate", When.BeforeDeploy, "migrate"),
                hookInImageOf("tools", "other", When.BeforeDeploy, "other"),
                hookWithSource("lint", When.BeforeBuild, "lint"))
            .build();

    assertThat(config.deployedBy("master").orElseThrow().hooks())
        .extracting(HookSettings::name)
        .containsExactly("migrate", "lint");
    assertThat(config.deployedBy("elsewhere")).isEmpty();
  }

  private List<PlannedHook> plan(Map<String, TestFile> files, HookSettings... hooks)
      throws IOException {
    ObjectId commit = git.commit(files);
    try (RevWalk walk = new RevWalk(git.repository())) {
      return new HookPlanner(
              TestConfig.of(target("web", "web")).hooks(hooks).build(),
              walk.parseCommit(commit),
              walk.getObjectReader(),
              List.of(),
              findings)
          .plan();
    }
  }
}
