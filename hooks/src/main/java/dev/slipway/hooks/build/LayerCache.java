package dev.slipway.hooks.build;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.LayerSettings;
import dev.slipway.hooks.plan.ImageName;
import java.util.List;
import java.util.Optional;

/**
 * Where the builds of a push find layers of earlier ones, and leave theirs.
 *
 * @param always whether that is tried although the registry has not said that it takes them
 */
public record LayerCache(String repository, int ttlHours, boolean always) {

  /** What the Remote says. */
  public static Optional<LayerCache> of(GitdConfig config) {
    LayerSettings settings = config.builder().cache();
    if (settings == null || config.registry() == null) {
      return Optional.empty();
    }
    String repository = settings.repository();
    return Optional.of(
        new LayerCache(
            repository == null
                ? ImageName.ofLayers(config.registry().prefix(), config)
                : repository,
            settings.ttlHours(),
            settings.always()));
  }

  /** What Kaniko is told; layers of COPY are not kept, which would be all files once more. */
  List<String> flags() {
    return List.of(
        "--cache=true",
        "--cache-repo=" + BuildInputs.literal(repository),
        "--cache-ttl=" + ttlHours + "h");
  }
}
