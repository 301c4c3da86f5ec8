package dev.slipway.hooks.build;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.job.ContextTokens;
import dev.slipway.hooks.job.JobRuns;
import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.report.PushScreen;
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
  private final ImageBuilder builder;

  public ImageBuilds(Clock clock, BuildContexts contexts, ContextTokens tokens, JobRuns jobs) {
    this.builder = new ImageBuilder(clock, contexts, tokens, jobs);
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
