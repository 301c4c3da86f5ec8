package dev.slipway.hooks.build;

import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.report.PushLines;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * An image that a push needs: there already, or still to be built.
 *
 * @param fingerprint of its inputs
 * @param reused empty when it has to be built
 */
public record WantedImage(ImageBuild build, String fingerprint, Optional<Reused> reused) {

  /**
   * An image that was built before.
   *
   * @param time that it took to find it and to tag it
   */
  record Reused(BuiltImage image, Duration time) {

    String line() {
      return "unchanged since %s, reused in %s"
          .formatted(
              PushLines.commit(ObjectId.fromString(image.commit())), PushLines.seconds(time));
    }
  }

  /** Whether a Job has to build it. */
  public boolean isToBeBuilt() {
    return reused.isEmpty();
  }
}
