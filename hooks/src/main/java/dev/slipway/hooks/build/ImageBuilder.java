package dev.slipway.hooks.build;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.ClusterAnswer;
import dev.slipway.hooks.kube.PodLog;
import dev.slipway.hooks.kube.Undo;
import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.report.PushLines;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** Builds one image: offers its context, runs its Job, follows it to its end. */
final class ImageBuilder {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 10;

  private final KubernetesClient client;
  private final Clock clock;
  private final PipelineSettings settings;
  private final BuildContexts contexts;
  private final ApiCalls api;
  private final BuildTokens tokens;
  private final SecureRandom random = new SecureRandom();

  ImageBuilder(
      KubernetesClient client,
      Clock clock,
      PipelineSettings settings,
      BuildContexts contexts,
      ApiCalls api) {
    this.client = client;
    this.clock = clock;
    this.settings = settings;
    this.contexts = contexts;
    this.api = api;
    this.tokens = new BuildTokens(client, api);
  }

  /**
   * Builds and pushes.
   *
   * @return the image with its digest
   * @throws InterruptedException if the push is cancelled; nothing is left then
   */
  String build(GitdConfig config, Repository repository, ImageBuild build, BuildScreen screen)
      throws BuildFailedException, InterruptedException {
    String id = newId();
    Instant began = clock.instant();
    try (BuildContexts.Offer offer = contexts.offer(id, repository, build.source())) {
      screen.waitingFor("the build's Job to be created");
      tokens.put(config, id, offer.token());
      try {
        Job job = create(BuildJob.of(config, build, id, offer.sha256()));
        String digest = run(config, job, build, screen);
        screen.line(
            "pushed %s (%s)"
                .formatted(
                    PushLines.image(build.image()),
                    PushLines.seconds(Duration.between(began, clock.instant()))));
        return build.image() + "@" + digest;
      } finally {
        screen.arrived();
        Undo.run(() -> tokens.remove(config, id));
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

  /** Runs a Job to its end; one that has not ended by itself is deleted. */
  private String run(GitdConfig config, Job job, ImageBuild build, BuildScreen screen)
      throws BuildFailedException, InterruptedException {
    boolean ended = false;
    try {
      KanikoLog log = new KanikoLog();
      BuildState end = follow(config, job, screen, log);
      ended = !(end instanceof BuildState.Failed);
      return switch (end) {
        case BuildState.Built(String digest) -> digest;
        case BuildState.Broken(int exitCode) -> {
          KanikoFailure failure = KanikoFailure.of(log, exitCode);
          throw failed(build, failure.reason(), failure.sentence());
        }
        case BuildState.Failed(String reason, String sentence) ->
            throw failed(build, reason, sentence);
        case BuildState.Waiting waiting -> throw new IllegalStateException(waiting.toString());
        case BuildState.Running running -> throw new IllegalStateException(running.toString());
      };
    } finally {
      if (!ended) {
        Undo.run(() -> delete(job));
      }
    }
  }

  private BuildState follow(GitdConfig config, Job job, BuildScreen screen, KanikoLog log)
      throws InterruptedException {
    Duration timeout = Duration.ofSeconds(config.builder().timeoutSeconds());
    LogStream stream = null;
    try (BuildWatch watch = new BuildWatch(client, clock, job, timeout)) {
      while (true) {
        BuildState state = BuildDecision.decide(watch.look(), settings);
        boolean started =
            state instanceof BuildState.Running
                || state instanceof BuildState.Built
                || state instanceof BuildState.Broken;
        if (started && stream == null) {
          stream = stream(watch.pod().orElse(null), screen, log);
        }
        switch (state) {
          case BuildState.Waiting(String on) -> screen.waitingFor(on);
          case BuildState.Running() -> screen.waitingFor(doing(log));
          case BuildState.Built end -> {
            return drained(stream, end);
          }
          case BuildState.Broken end -> {
            return drained(stream, end);
          }
          case BuildState.Failed end -> {
            return drained(stream, end);
          }
        }
        watch.await(LOOK);
      }
    } finally {
      if (stream != null) {
        stream.close();
      }
    }
  }

  private @Nullable LogStream stream(@Nullable Pod pod, BuildScreen screen, KanikoLog log) {
    if (pod == null) {
      return null;
    }
    return new LogStream(
        new PodLog(client),
        pod,
        BuildJob.KANIKO,
        line -> {
          synchronized (log) {
            log.read(line).forEach(screen::line);
          }
        });
  }

  private static BuildState drained(@Nullable LogStream stream, BuildState end)
      throws InterruptedException {
    if (stream != null) {
      stream.drain(DRAIN);
    }
    return end;
  }

  private static String doing(KanikoLog log) {
    synchronized (log) {
      return log.step().isEmpty() ? "the builder" : log.step();
    }
  }

  private static BuildFailedException failed(ImageBuild build, String reason, String sentence) {
    return new BuildFailedException(reason, build.label() + ": " + sentence);
  }

  /** The name is random: if it is there already, an earlier try of ours came through. */
  private Job create(Job job) throws InterruptedException {
    return api.call(
        () -> {
          try {
            return client.resource(job).create();
          } catch (KubernetesClientException e) {
            Job there = e.getCode() == 409 ? client.resource(job).get() : null;
            if (there == null) {
              throw e;
            }
            return there;
          }
        });
  }

  /** Without a policy, the API would leave the pod running. */
  private void delete(Job job) throws InterruptedException {
    api.call(
        () -> client.resource(job).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete());
  }

  private String newId() {
    return random
        .ints(ID_LENGTH, 0, ALPHABET.length())
        .mapToObj(index -> String.valueOf(ALPHABET.charAt(index)))
        .collect(Collectors.joining());
  }
}
