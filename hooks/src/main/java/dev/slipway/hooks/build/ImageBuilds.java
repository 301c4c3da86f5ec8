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
import java.util.Optional;
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
  private final ImageReuse reuse;

  public ImageBuilds(
      Clock clock, BuildContexts contexts, ContextTokens tokens, JobRuns jobs, ImageReuse reuse) {
    this.builder = new ImageBuilder(clock, contexts, tokens, jobs);
    this.reuse = reuse;
  }

  private record Built(ImageBuild build, String image) {}

  /**
   * Builds and pushes all that are not there yet.
   *
   * @param layers where layers are kept, if they are
   * @return each as nodes name it, with its digest, in the order of {@code wanted}
   * @throws InterruptedException if the push is cancelled; nothing of it is left then
   */
  public Map<ImageBuild, String> buildAll(
      GitdConfig config,
      Repository repository,
      List<WantedImage> wanted,
      Optional<LayerCache> layers,
      PushScreen screen)
      throws BuildFailedException, InterruptedException {
    int width = wanted.stream().mapToInt(it -> it.build().label().length()).max().orElse(0);
    Semaphore slots = new Semaphore(Math.max(1, config.builder().parallelism()), true);
    Map<ImageBuild, String> images = new LinkedHashMap<>();
    wanted.forEach(image -> images.put(image.build(), ""));
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ExecutorCompletionService<Built> ends = new ExecutorCompletionService<>(threads);
      for (WantedImage image : wanted) {
        String label = image.build().label();
        String prefix = wanted.size() == 1 ? "" : ("%-" + width + "s | ").formatted(label);
        BuildScreen lines = new BuildScreen(screen, label, prefix, over);
        ends.submit(
            () ->
                new Built(
                    image.build(),
                    image.reused().isPresent()
                        ? reused(image.build(), image.reused().get(), lines)
                        : inSlot(
                            slots, lines, () -> built(config, repository, image, layers, lines))));
      }
      try {
        for (int i = 0; i < wanted.size(); i++) {
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

  private static String reused(ImageBuild build, WantedImage.Reused reused, BuildScreen screen) {
    screen.line(reused.line());
    return reused.image().pulledAs(build);
  }

  private String built(
      GitdConfig config,
      Repository repository,
      WantedImage image,
      Optional<LayerCache> layers,
      BuildScreen screen)
      throws BuildFailedException, InterruptedException {
    String digest = builder.build(config, repository, image.build(), layers, screen);
    reuse.remember(image, digest);
    return image.build().pulledAs() + "@" + digest;
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
