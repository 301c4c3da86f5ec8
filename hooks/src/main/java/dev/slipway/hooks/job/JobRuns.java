package dev.slipway.hooks.job;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.Labels;
import dev.slipway.hooks.kube.Leftovers;
import dev.slipway.hooks.kube.PodLog;
import dev.slipway.hooks.kube.PushThreads;
import dev.slipway.hooks.kube.Undo;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

/** Creates a Job, follows it and its log to the end, and leaves none that has not ended. */
public final class JobRuns {
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** How long nothing may come of the log of a container that has ended. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 10;

  private final KubernetesClient client;
  private final Clock clock;
  private final PipelineSettings settings;
  private final ApiCalls api;
  private final Leftovers leftovers;
  private final SecureRandom random = new SecureRandom();

  public JobRuns(
      KubernetesClient client,
      Clock clock,
      PipelineSettings settings,
      ApiCalls api,
      Leftovers leftovers) {
    this.client = client;
    this.clock = clock;
    this.settings = settings;
    this.api = api;
    this.leftovers = leftovers;
  }

  /** A new id for a Job, good as a label, as the key of a token and as the end of a name. */
  public String newId() {
    return random
        .ints(ID_LENGTH, 0, ALPHABET.length())
        .mapToObj(index -> String.valueOf(ALPHABET.charAt(index)))
        .collect(Collectors.joining());
  }

  /**
   * Runs a Job to its end; one that does not end by itself is deleted, later if need be.
   *
   * @param job with a name of its own, a deadline for its pod, and labels on its pod that no other
   *     pod has
   * @throws InterruptedException if the push is cancelled; the Job is deleted then
   */
  public JobState.End run(Job job, JobWords words, JobView view) throws InterruptedException {
    boolean over = false;
    try {
      Followed followed = follow(createWhole(job), words, view);
      over = followed.end() instanceof JobState.Ended && !followed.goesOn();
      return followed.end();
    } finally {
      if (!over) {
        leftovers.remove("Job " + job.getMetadata().getName(), () -> delete(job));
      }
    }
  }

  /** Deletes the Jobs that an earlier process of a Remote left. */
  public void sweep(GitdConfig config) throws InterruptedException {
    List<Job> left =
        api.call(
            () ->
                client
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(config.namespace())
                    .withLabels(Labels.ofRemote(config.name()))
                    .list()
                    .getItems());
    for (Job job : left) {
      delete(job);
    }
  }

  /**
   * How a Job came to its end.
   *
   * @param goesOn whether its pod does, for the sake of containers that others have put into it
   */
  private record Followed(JobState.End end, boolean goesOn) {}

  private Followed follow(Job job, JobWords words, JobView view) throws InterruptedException {
    Duration timeout =
        Duration.ofSeconds(job.getSpec().getTemplate().getSpec().getActiveDeadlineSeconds());
    LogStream stream = null;
    String streamed = "";
    try (JobWatch watch = new JobWatch(client, clock, job, timeout)) {
      while (true) {
        JobState state = JobDecision.decide(watch.look(), settings, words);
        boolean started =
            switch (state) {
              case JobState.Waiting waiting -> false;
              case JobState.Running running -> true;
              case JobState.Finishing finishing -> true;
              case JobState.Ended ended -> true;
              case JobState.Failed failed -> false;
            };
        Optional<Pod> pod = started ? watch.pod() : Optional.empty();
        if (pod.isPresent() && !streamed.equals(pod.get().getMetadata().getUid())) {
          if (stream != null) {
            stream.close();
          }
          stream = stream(pod.get(), words.container(), view);
          streamed = pod.get().getMetadata().getUid();
        }
        switch (state) {
          case JobState.Waiting(String on) -> view.waitingFor(on);
          case JobState.Running() -> view.waitingFor(view.doing());
          case JobState.Finishing(String on) -> {
            if (stream != null) {
              // What is not read by then is looked for again at the end.
              var _ = stream.drain(DRAIN);
            }
            view.waitingFor(on);
          }
          case JobState.End end -> {
            if (stream != null && !stream.drain(DRAIN)) {
              view.note("the rest of its log could not be read");
            }
            return new Followed(end, watch.pod().filter(JobRuns::goesOn).isPresent());
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

  private static boolean goesOn(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .anyMatch(status -> status.getState() != null && status.getState().getRunning() != null);
  }

  private LogStream stream(Pod pod, String container, JobView view) {
    PodLog log = new PodLog(client);
    return new LogStream(
        pod.getMetadata().getName(), since -> log.follow(pod, container, since), view::log);
  }

  /**
   * An interrupt does not cut it short: what is on its way would arrive after it had been deleted.
   */
  private Job createWhole(Job job) throws InterruptedException {
    FutureTask<Job> creation = new FutureTask<>(() -> create(job));
    Thread creating = PushThreads.start("create", creation);
    try {
      return creation.get();
    } catch (InterruptedException e) {
      Undo.run(creating::join);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e);
    }
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
}
