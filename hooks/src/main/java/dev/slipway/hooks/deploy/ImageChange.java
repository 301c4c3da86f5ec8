package dev.slipway.hooks.deploy;

import dev.slipway.hooks.workload.LiveWorkload;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was changed on one workload, and what was there before.
 *
 * @param live as it is after the change
 * @param before image of each container before
 * @param after image of each container now
 * @param addedPullSecret that the pod template did not name before; null if it did or needs none
 * @param annotationsBefore of the annotations that were written; null where there was none
 */
record ImageChange(
    LiveWorkload live,
    Map<String, String> before,
    Map<String, String> after,
    @Nullable String addedPullSecret,
    Map<String, @Nullable String> annotationsBefore) {

  /** For example {@code deployment/web}. */
  String key() {
    return live.workload().reference();
  }

  /** The change back, once it is made. */
  ImageChange reversed(LiveWorkload restored) {
    return new ImageChange(restored, /* before= */ after, /* after= */ before, null, Map.of());
  }

  boolean isNone() {
    return before.equals(after) && addedPullSecret == null;
  }
}
