package dev.slipway.hooks.build;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.registry.ImageTags;
import dev.slipway.hooks.registry.ImageTags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what was built of the same inputs before, and gives it the tag of the new commit. */
public final class ImageReuse {
  private final Clock clock;
  private final BuiltImages built;
  private final ImageTags tags;

  public ImageReuse(Clock clock, BuiltImages built, ImageTags tags) {
    this.clock = clock;
    this.built = built;
    this.tags = tags;
  }

  private record Known(BuiltImage image, Tag tag) {}

  /** Looks for the images of a push. */
  public List<WantedImage> look(GitdConfig config, List<ImageBuild> builds)
      throws InterruptedException {
    Instant began = clock.instant();
    Map<ImageBuild, String> fingerprints = new LinkedHashMap<>();
    Map<ImageBuild, Known> known = new LinkedHashMap<>();
    for (ImageBuild build : builds) {
      String fingerprint = ImageInputs.of(config.builder(), build).fingerprint();
      fingerprints.put(build, fingerprint);
      if (!build.target().noCache()) {
        built
            .find(fingerprint)
            .ifPresent(it -> known.put(build, new Known(it, new Tag(build.image(), it.digest()))));
      }
    }
    Set<Tag> tagged =
        tags.add(config, Set.copyOf(known.values().stream().map(Known::tag).toList()));
    Duration time = Duration.between(began, clock.instant());
    List<WantedImage> images = new ArrayList<>();
    fingerprints.forEach(
        (build, fingerprint) ->
            images.add(
                new WantedImage(
                    build,
                    fingerprint,
                    Optional.ofNullable(known.get(build))
                        .filter(it -> tagged.contains(it.tag()))
                        .map(it -> new WantedImage.Reused(it.image(), time)))));
    return images;
  }

  /** Has the image found the next time. */
  void remember(WantedImage image, String digest) {
    built.remember(image.fingerprint(), new BuiltImage(digest, image.build().commit()));
  }
}
