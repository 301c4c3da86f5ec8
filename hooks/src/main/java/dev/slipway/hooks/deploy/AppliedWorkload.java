package dev.slipway.hooks.deploy;

import dev.slipway.hooks.manifests.ManifestDeployment.Applied;
import dev.slipway.hooks.workload.LiveWorkload;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;

/** A workload that came with manifests, as a rollout to be awaited like any other. */
final class AppliedWorkload {
  private AppliedWorkload() {}

  static Optional<ImageChange> change(Applied applied) {
    return applied
        .workload()
        .map(workload -> Serialization.unmarshal(applied.now().toString(), workload.kind().type()))
        .map(
            object ->
                new ImageChange(
                    LiveWorkload.of(object), Map.of(), applied.images(), null, Map.of()));
  }

  /** One that has its former fields again. */
  static ImageChange back(LiveWorkload restored) {
    return new ImageChange(restored, Map.of(), restored.images(), null, Map.of());
  }
}
