package dev.slipway.hooks.build;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.PushId;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.job.ContextTokens;
import dev.slipway.hooks.job.JobFrame;
import dev.slipway.hooks.job.JobRuns;
import dev.slipway.hooks.job.JobState;
import dev.slipway.hooks.job.JobView;
import dev.slipway.hooks.job.JobWords;
import dev.slipway.hooks.kube.ClusterAnswer;
import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.report.PushLines;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Repository;

/** Builds one image: offers its context, runs its Job, reads its digest or why there is none. */
final class ImageBuilder {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final JobWords WORDS =
      new JobWords(
          BuildJob.KANIKO,
          "build",
          "spec.builder",
          "the build context",
          "the builder's container",
          "BuilderNotStarted",
          "check spec.builder.image of the Remote",
          "check spec.builder.image of the Remote");

  private final Clock clock;
  private final BuildContexts contexts;
  private final ContextTokens tokens;
  private final JobRuns jobs;

  ImageBuilder(Clock clock, BuildContexts contexts, ContextTokens tokens, JobRuns jobs) {
    this.clock = clock;
    this.contexts = contexts;
    this.tokens = tokens;
    this.jobs = jobs;
  }

  /**
   * Builds and pushes.
   *
   * @return the digest of the image
   * @throws InterruptedException if the push is cancelled; nothing is left then
   */
  String build(
      PushId push,
      GitdConfig config,
      Repository repository,
      ImageBuild build,
      Optional<LayerCache> layers,
      BuildScreen screen)
      throws BuildFailedException, InterruptedException {
    String id = jobs.newId();
    Instant began = clock.instant();
    try (BuildContexts.Offer offer = contexts.offer(id, repository, build.source())) {
      screen.waitingFor("the build's Job to be created");
      try {
        tokens.put(config, id, offer.token());
        Job job = BuildJob.of(config, build, layers, id, offer.sha256());
        String digest = run(JobFrame.partOf(push, job), build, screen);
        screen.line(
            "pushed %s (%s)"
                .formatted(
                    PushLines.image(build.image()),
                    PushLines.seconds(Duration.between(began, clock.instant()))));
        return digest;
      } finally {
        screen.arrived();
        tokens.remove(config, id);
      }
    } catch (IOException e) {
      throw new BuildFailedException(
          "ContextFailed",
          "%s: the build context cannot be read: %s.".formatted(build.label(), e.getMessage()));
    } catch (KubernetesClientException e) {
      throw new BuildFailedException(
          "ClusterFault",
          "%s: the cluster does not run the build: %s."
              .formatted(build.label(), ClusterAnswer.words(e)));
    }
  }

  private String run(Job job, ImageBuild build, BuildScreen screen)
      throws BuildFailedException, InterruptedException {
    View view = new View(new KanikoLog(), screen);
    switch (jobs.run(job, WORDS, view)) {
      case JobState.Ended(int exitCode, String message) -> {
        Matcher digest = DIGEST.matcher(message);
        if (exitCode == 0 && digest.find()) {
          return digest.group();
        }
        KanikoFailure failure = view.failure(exitCode);
        throw failed(build, failure.reason(), failure.sentence());
      }
      case JobState.Failed(String reason, String sentence) -> throw failed(build, reason, sentence);
    }
  }

  private static BuildFailedException failed(ImageBuild build, String reason, String sentence) {
    return new BuildFailedException(reason, build.label() + ": " + sentence);
  }

  /** Shows of Kaniko's log what is of use to the person pushing. */
  private record View(KanikoLog log, BuildScreen screen) implements JobView {

    @Override
    public void log(String line) {
      synchronized (log) {
        log.read(line).forEach(screen::line);
      }
    }

    /** While the end of the log may still be coming. */
    KanikoFailure failure(int exitCode) {
      synchronized (log) {
        return KanikoFailure.of(log, exitCode);
      }
    }

    @Override
    public void note(String text) {
      screen.line(text);
    }

    @Override
    public String doing() {
      synchronized (log) {
        return log.step().isEmpty() ? "the builder" : log.step();
      }
    }

    @Override
    public void waitingFor(String on) {
      screen.waitingFor(on);
    }
  }
}
