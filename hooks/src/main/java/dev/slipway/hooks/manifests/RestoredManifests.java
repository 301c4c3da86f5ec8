package dev.slipway.hooks.manifests;

import dev.slipway.crd.gitd.Workload;
import java.util.List;

/**
 * How taking manifests back went.
 *
 * @param all whether every object was brought back
 * @param workloads that were there before and now roll out what they had before
 */
public record RestoredManifests(boolean all, List<Workload> workloads) {
  /** Where nothing was applied. */
  public static RestoredManifests none() {
    return new RestoredManifests(true, List.of());
  }
}
