package dev.slipway.hooks.deploy;

import dev.slipway.crd.gitd.Place;
import dev.slipway.hooks.manifests.ManifestDeployment;
import dev.slipway.hooks.manifests.ManifestSet;
import dev.slipway.hooks.plan.ImageBuild;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one push brings to the cluster.
 *
 * @param images of each build, with digest
 * @param manifests as they stand in the commit
 * @param deployment applies them; null when the Remote has none
 * @param commit all of its digits
 * @param cause shown by {@code kubectl rollout history}
 */
public record Release(
    Map<ImageBuild, String> images,
    ManifestSet manifests,
    @Nullable ManifestDeployment deployment,
    String commit,
    String cause) {

  /** Of all images, by which is known what a push has set: their tags may be of older commits. */
  String digests() {
    return images.values().stream()
        .map(image -> image.substring(image.indexOf('@') + 1))
        .distinct()
        .collect(Collectors.joining(" "));
  }

  /** The image of each container that gets one, in the order of the Remote. */
  Map<Place, String> places() {
    Map<Place, String> places = new LinkedHashMap<>();
    images.forEach((build, image) -> build.places().forEach(place -> places.put(place, image)));
    return places;
  }
}
