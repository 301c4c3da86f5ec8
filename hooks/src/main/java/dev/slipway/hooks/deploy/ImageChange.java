package dev.slipway.hooks.deploy;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was changed on one Deployment, and what was there before.
 *
 * @param deployment as it is after the change
 * @param before image of each container before
 * @param after image of each container now
 * @param annotationsBefore of the annotations that were written; null where there was none
 */
record ImageChange(
    Deployment deployment,
    Map<String, String> before,
    Map<String, String> after,
    Map<String, @Nullable String> annotationsBefore) {

  String name() {
    return deployment.getMetadata().getName();
  }

  /** The change back, once it is made. */
  ImageChange reversed(Deployment restored) {
    return new ImageChange(restored, /* before= */ after, /* after= */ before, Map.of());
  }

  boolean isNone() {
    return before.equals(after);
  }
}
