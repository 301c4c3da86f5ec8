package dev.slipway.hooks.registry;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.hooks.kube.PushThreads;
import dev.slipway.hooks.plan.Finding;
import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.registry.RegistryAccess.Logins;
import dev.slipway.hooks.registry.RegistryAccesses.NoLoginException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out before a build whether its image can be pushed. Only a plain no counts: whatever else
 * is in the way may not be in the builder's, which asks again.
 */
public final class RegistryCheck {
  private static final Logger log = LoggerFactory.getLogger(RegistryCheck.class);

  private final RegistryAccesses accesses;
  private final Duration patience;

  /**
   * @param patience for all images of a push together; zero asks nothing
   */
  public RegistryCheck(RegistryAccesses accesses, Duration patience) {
    this.accesses = accesses;
    this.patience = patience;
  }

  /**
   * What the registry has said.
   *
   * @param refusal why the images cannot be pushed, if that is certain
   * @param takesLayers whether it is certain that layers can be kept
   */
  public record Said(Optional<Finding> refusal, boolean takesLayers) {
    private static final Said NOTHING = new Said(Optional.empty(), /* takesLayers= */ false);

    private static Said no(Finding finding) {
      return new Said(Optional.of(finding), /* takesLayers= */ false);
    }
  }

  /**
   * Asks about the images of these builds.
   *
   * @param layers repository in which layers would be kept
   */
  public Said ask(GitdConfig config, List<ImageBuild> builds, Optional<String> layers)
      throws InterruptedException {
    ImageRegistry registry = config.registry();
    if (registry == null || builds.isEmpty() || patience.isZero()) {
      return Said.NOTHING;
    }
    try {
      return ask(
          accesses.open(config.namespace(), registry), builds, layers.map(ImageLocation::of));
    } catch (NoLoginException e) {
      return Said.no(e.finding());
    } catch (IOException e) {
      log.info("The registry is not asked whether it takes images", e);
      return Said.NOTHING;
    }
  }

  private Said ask(RegistryAccess access, List<ImageBuild> builds, Optional<ImageLocation> layers)
      throws InterruptedException {
    ExecutorService threads = Executors.newThreadPerTaskExecutor(PushThreads.factory());
    try {
      Optional<Future<RegistryAnswer>> keeping =
          layers.filter(access::speaksFor).map(it -> threads.submit(() -> ask(access, it)));
      Map<ImageLocation, Future<RegistryAnswer>> answers = new LinkedHashMap<>();
      for (ImageBuild build : builds) {
        ImageLocation image = ImageLocation.of(build.image());
        if (access.speaksFor(image)) {
          answers.computeIfAbsent(image, it -> threads.submit(() -> ask(access, it)));
        }
      }
      long giveUp = System.nanoTime() + patience.toNanos();
      for (Map.Entry<ImageLocation, Future<RegistryAnswer>> each : answers.entrySet()) {
        Optional<Finding> finding =
            finding(
                each.getKey(),
                access.logins(),
                answer(each.getValue(), giveUp - System.nanoTime()));
        if (finding.isPresent()) {
          return Said.no(finding.get());
        }
      }
      return new Said(
          Optional.empty(),
          keeping.isPresent()
              && answer(keeping.get(), giveUp - System.nanoTime())
                  instanceof RegistryAnswer.Allowed);
    } finally {
      threads.shutdownNow();
    }
  }

  private static RegistryAnswer ask(RegistryAccess access, ImageLocation image)
      throws InterruptedException {
    return new PushPermission(
            access.http(), image, access.login(image), access.registry().insecure())
        .ask();
  }

  private static RegistryAnswer answer(Future<RegistryAnswer> asked, long nanos)
      throws InterruptedException {
    try {
      return asked.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return new RegistryAnswer.Unknown("no answer in time");
    } catch (ExecutionException e) {
      return new RegistryAnswer.Unknown(String.valueOf(e.getCause()));
    }
  }

  private static Optional<Finding> finding(
      ImageLocation image, @Nullable Logins logins, RegistryAnswer answer) {
    return switch (answer) {
      case RegistryAnswer.Allowed allowed -> Optional.empty();
      case RegistryAnswer.Unknown(String why) -> {
        log.info("{} was not asked about {}: {}", image.host(), image.repository(), why);
        yield Optional.empty();
      }
      case RegistryAnswer.NoRepository none ->
          Optional.of(
              new Finding(
                  "NoRepository",
                  "%s has no repository %s, and a push does not make it; create it and push again."
                      .formatted(image.host(), image.repository())));
      case RegistryAnswer.Denied(String words) ->
          Optional.of(
              new Finding(
                  "PushDenied",
                  "%s does not let builds push to %s (%s); %s."
                      .formatted(image.host(), image.repository(), words, advice(image, logins))));
    };
  }

  private static String advice(ImageLocation image, @Nullable Logins logins) {
    if (logins == null) {
      return "name a Secret with a login in spec.registry.credentials of the Remote";
    }
    if (logins.config().login(image).isPresent()) {
      return "check the login for %s in the Secret \"%s\"".formatted(image.host(), logins.secret());
    }
    return logins.config().hosts().isEmpty()
        ? "the Secret \"%s\" has no login at all, add one".formatted(logins.secret())
        : "the Secret \"%s\" has no login for it, only for %s, so add it"
            .formatted(logins.secret(), String.join(", ", logins.config().hosts()));
  }
}
