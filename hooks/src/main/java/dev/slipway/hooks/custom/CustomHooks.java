package dev.slipway.hooks.custom;

import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.context.ContextSource;
import dev.slipway.hooks.job.ContextTokens;
import dev.slipway.hooks.job.JobRuns;
import dev.slipway.hooks.job.JobState;
import dev.slipway.hooks.job.JobWords;
import dev.slipway.hooks.kube.ClusterAnswer;
import dev.slipway.hooks.plan.PlannedHook;
import dev.slipway.hooks.report.PushLines;
import dev.slipway.hooks.report.PushScreen;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jgit.lib.Repository;

/** Runs hooks, each as a Job, and shows what they print. */
public final class CustomHooks {
  private final Clock clock;
  private final BuildContexts contexts;
  private final ContextTokens tokens;
  private final JobRuns jobs;

  public CustomHooks(Clock clock, BuildContexts contexts, ContextTokens tokens, JobRuns jobs) {
    this.clock = clock;
    this.contexts = contexts;
    this.tokens = tokens;
    this.jobs = jobs;
  }

  /**
   * Runs one to its end.
   *
   * @throws HookFailedException if it ends with anything but 0, or cannot run
   * @throws InterruptedException if the push is cancelled; nothing of the hook is left then
   */
  public void run(PlannedHook planned, HookInputs inputs, Repository repository, PushScreen screen)
      throws HookFailedException, InterruptedException {
    HookSettings hook = planned.hook();
    String title = "hook %s (%s)".formatted(hook.name(), hook.when().words());
    screen.phase("Running " + title);
    Instant began = clock.instant();
    HookScreen lines = new HookScreen(screen, hook.name());
    lines.waitingFor("its Job to be created");
    try {
      JobState.End end =
          planned.source() == null
              ? jobs.run(
                  HookJob.of(inputs, planned, jobs.newId(), /* sha256= */ null),
                  words(planned),
                  lines)
              : runWithFiles(planned, planned.source(), inputs, repository, lines);
      switch (end) {
        case JobState.Ended(int exitCode, String message) when exitCode == 0 ->
            lines.show(
                "done (%s)".formatted(PushLines.seconds(Duration.between(began, clock.instant()))));
        case JobState.Ended(int exitCode, String message) ->
            throw new HookFailedException(
                "HookFailed",
                "%s ended with exit code %d%s"
                    .formatted(
                        title,
                        exitCode,
                        lines.last().isEmpty()
                            ? " and said nothing."
                            : ": " + lines.last() + "; correct it and push again."));
        case JobState.Failed(String reason, String sentence) ->
            throw new HookFailedException(reason, title + ": " + sentence);
      }
    } catch (IOException e) {
      throw new HookFailedException(
          "ContextFailed",
          "%s: the files of the commit cannot be read: %s.".formatted(title, e.getMessage()));
    } catch (KubernetesClientException e) {
      throw new HookFailedException(
          "ClusterFault",
          "%s: the cluster does not run it: %s.".formatted(title, ClusterAnswer.words(e)));
    } finally {
      lines.arrived();
    }
  }

  private JobState.End runWithFiles(
      PlannedHook planned,
      ContextSource source,
      HookInputs inputs,
      Repository repository,
      HookScreen lines)
      throws IOException, InterruptedException {
    String id = jobs.newId();
    try (BuildContexts.Offer offer = contexts.offer(id, repository, source)) {
      try {
        tokens.put(inputs.config(), id, offer.token());
        return jobs.run(HookJob.of(inputs, planned, id, offer.sha256()), words(planned), lines);
      } finally {
        tokens.remove(inputs.config(), id);
      }
    }
  }

  private static JobWords words(PlannedHook planned) {
    return new JobWords(
        HookJob.CONTAINER,
        "hook",
        "spec.hooks[]",
        "the files of the commit",
        "its program",
        "HookNotStarted",
        "check command and image of the hook",
        planned.build() == null
            ? "check spec.hooks[].image of the Remote"
            : "check that nodes may pull from spec.registry of the Remote");
  }
}
