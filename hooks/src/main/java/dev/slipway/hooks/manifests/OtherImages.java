package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keeps the images that pushes of other branches have set: what the manifests of this branch say
 * there is a placeholder.
 *
 * @param places of all images of the Remote, whatever the branch
 */
record OtherImages(List<Place> places) {

  /**
   * A manifest with the images that stay.
   *
   * @param built what this push builds and has put into it
   * @param live the object as it is, if it is there
   * @throws InvalidManifestException if a container has no image that could stay
   */
  Manifest kept(Manifest manifest, Map<Place, String> built, Optional<ObjectNode> live)
      throws InvalidManifestException {
    Optional<Workload> workload = ManifestSet.workload(manifest);
    if (workload.isEmpty()) {
      return manifest;
    }
    Map<String, String> present = live.map(OtherImages::images).orElse(Map.of());
    ObjectNode object = manifest.object().deepCopy();
    for (JsonNode each : ManifestSet.containers(object).toList()) {
      String container = each.path("name").asText();
      Place place = new Place(workload.get(), container);
      if (places.contains(place) && !built.containsKey(place)) {
        String image = present.get(container);
        if (image == null) {
          throw new InvalidManifestException(
              "this branch does not build the image of container %s, and the cluster has none of it that could stay; let this branch build it, or leave the object out of its manifests"
                  .formatted(container));
        }
        ((ObjectNode) each).put("image", image);
      }
    }
    return new Manifest(manifest.where(), object);
  }

  private static Map<String, String> images(ObjectNode live) {
    return ManifestSet.containers(live)
        .collect(
            Collectors.toMap(
                container -> container.path("name").asText(),
                container -> container.path("image").asText()));
  }
}
