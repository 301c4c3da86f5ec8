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
 * @param back whether it puts back what an earlier change has changed
 */
record ImageChange(
    LiveWorkload live,
    Map<String, String> before,
    Map<String, String> after,
    @Nullable String addedPullSecret,
    Map<String, @Nullable String> annotationsBefore,
    boolean back) {

  ImageChange(
      LiveWorkload live,
      Map<String, String> before,
      Map<String, String> after,
      @Nullable String addedPullSecret,
      Map<String, @Nullable String> annotationsBefore) {
    this(live, before, after, addedPullSecret, annotationsBefore, /* back= */ false);
  }

  /** For example {@code deployment/web}. */
  String key() {
    return live.workload().reference();
  }

  /** The change back, once it is made. */
  ImageChange reversed(LiveWorkload restored) {
    return new ImageChange(
        restored, /* before= */ after, /* after= */ before, null, Map.of(), /* back= */ true);
  }

  /** The same change, once it is made. */
  ImageChange made(LiveWorkload changed) {
    return new ImageChange(changed, before, after, addedPullSecret, annotationsBefore, back);
  }

  /** Whether a workload has the images of before or of after, so that nobody else has set any. */
  boolean isOf(LiveWorkload now) {
    return runs(now, before) || runs(now, after);
  }

  static boolean runs(LiveWorkload now, Map<String, String> images) {
    Map<String, String> present = now.images();
    present.keySet().retainAll(images.keySet());
    return present.equals(images);
  }

  boolean isNone() {
    return before.equals(after) && addedPullSecret == null;
  }
}
