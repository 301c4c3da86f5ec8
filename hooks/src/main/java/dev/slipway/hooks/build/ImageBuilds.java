package dev.slipway.hooks.build;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.Labels;
import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.report.PushScreen;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.lib.Repository;

/** Builds all images of a push at the same time; the first that fails ends the others. */
public final class ImageBuilds {
  private final KubernetesClient client;
  private final ApiCalls api;
  private final ImageBuilder builder;
  private final BuildTokens tokens;

  public ImageBuilds(
      KubernetesClient client,
      Clock clock,
      PipelineSettings settings,
      BuildContexts contexts,
      ApiCalls api) {
    this.client = client;
    this.api = api;
    this.builder = new ImageBuilder(client, clock, settings, contexts, api);
    this.tokens = new BuildTokens(client, api);
  }

  private record Built(ImageBuild build, String image) {}

  /**
   * Builds and pushes all.
   *
   * @return each with its image and digest, in the order of {@code builds}
   * @throws InterruptedException if the push is cancelled; nothing of it is left then
   */
  public Map<ImageBuild, String> buildAll(
      GitdConfig config, Repository repository, List<ImageBuild> builds, PushScreen screen)
      throws BuildFailedException, InterruptedException {
    int width = builds.stream().mapToInt(build -> build.label().length()).max().orElse(0);
    Semaphore slots = new Semaphore(Math.max(1, config.builder().parallelism()), true);
    Map<ImageBuild, String> images = new LinkedHashMap<>();
    builds.forEach(build -> images.put(build, ""));
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ExecutorCompletionService<Built> ends = new ExecutorCompletionService<>(threads);
      for (ImageBuild build : builds) {
        String prefix = builds.size() == 1 ? "" : ("%-" + width + "s | ").formatted(build.label());
        BuildScreen lines = new BuildScreen(screen, build.label(), prefix, over);
        ends.submit(
            () ->
                new Built(
                    build,
                    inSlot(slots, lines, () -> builder.build(config, repository, build, lines))));
      }
      try {
        for (int i = 0; i < builds.size(); i++) {
          Built built = ends.take().get();
          images.put(built.build(), built.image());
        }
        return images;
      } catch (ExecutionException e) {
        throw cause(e);
      } finally {
        // Ends the others; closing waits until they have undone what they began.
        threads.shutdownNow();
      }
    }
  }

  private interface Build {
    String run() throws BuildFailedException, InterruptedException;
  }

  private static String inSlot(Semaphore slots, BuildScreen screen, Build build)
      throws BuildFailedException, InterruptedException {
    try {
      slots.acquire();
      try {
        return build.run();
      } finally {
        slots.release();
      }
    } catch (BuildFailedException e) {
      screen.failed(e.sentence());
      throw e;
    } catch (InterruptedException e) {
      screen.cancelled();
      throw e;
    }
  }

  /** Removes what an earlier process of this Remote left. */
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
      api.call(
          () ->
              client.resource(job).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete());
    }
    tokens.removeAll(config);
  }

  private static BuildFailedException cause(ExecutionException e) throws InterruptedException {
    return switch (e.getCause()) {
      case BuildFailedException failed -> failed;
      case InterruptedException interrupted -> throw interrupted;
      case Error error -> throw error;
      case RuntimeException unexpected -> throw unexpected;
      case null, default -> throw new IllegalStateException(e);
    };
  }
}
