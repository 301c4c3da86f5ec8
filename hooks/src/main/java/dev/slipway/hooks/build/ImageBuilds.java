package dev.slipway.hooks.build;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.job.ContextTokens;
import dev.slipway.hooks.job.JobRuns;
import dev.slipway.hooks.kube.PushThreads;
import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.report.PushJournal;
import dev.slipway.hooks.report.PushMeters;
import dev.slipway.hooks.report.PushReport.Image.Origin;
import dev.slipway.hooks.report.PushScreen;
import java.time.Clock;
import java.time.Instant;
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
  private final Clock clock;
  private final PushMeters meters;

  public ImageBuilds(
      Clock clock,
      BuildContexts contexts,
      ContextTokens tokens,
      JobRuns jobs,
      ImageReuse reuse,
      PushMeters meters) {
    this.builder = new ImageBuilder(clock, contexts, tokens, jobs);
    this.reuse = reuse;
    this.clock = clock;
    this.meters = meters;
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
      PushScreen screen,
      PushJournal journal)
      throws BuildFailedException, InterruptedException {
    int width = wanted.stream().mapToInt(it -> it.build().label().length()).max().orElse(0);
    Semaphore slots = new Semaphore(Math.max(1, config.builder().parallelism()), true);
    Map<ImageBuild, String> images = new LinkedHashMap<>();
    wanted.forEach(image -> images.put(image.build(), ""));
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(PushThreads.factory())) {
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
                        ? reused(image.build(), image.reused().get(), lines, journal)
                        : inSlot(
                            slots,
                            lines,
                            () -> built(config, repository, image, layers, lines, journal))));
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

  private String reused(
      ImageBuild build, WantedImage.Reused reused, BuildScreen screen, PushJournal journal) {
    screen.line(reused.line());
    String image = reused.image().pulledAs(build);
    journal.image(build.label(), Origin.REUSED, image, clock.instant());
    return image;
  }

  private String built(
      GitdConfig config,
      Repository repository,
      WantedImage image,
      Optional<LayerCache> layers,
      BuildScreen screen,
      PushJournal journal)
      throws BuildFailedException, InterruptedException {
    String label = image.build().label();
    Instant began = clock.instant();
    try (var _ = meters.build()) {
      String digest =
          builder.build(journal.push(), config, repository, image.build(), layers, screen);
      String name = image.build().pulledAs() + "@" + digest;
      journal.image(label, Origin.BUILT, name, began);
      reuse.remember(image, digest);
      return name;
    } catch (BuildFailedException e) {
      journal.image(label, Origin.FAILED, "", began);
      throw e;
    } catch (InterruptedException e) {
      journal.image(label, Origin.CANCELLED, "", began);
      throw e;
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
