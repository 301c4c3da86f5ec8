package dev.slipway.controller.model;

import java.util.List;
import java.util.Optional;

/**
 * What an operator has settled for all Remotes.
 *
 * @param pullSecrets names of Secrets, in the namespace of each Remote, to pull these images with
 * @param drainSeconds how long a gitd that is replaced lets running pushes go on
 * @param gitdPriorityClass of gitd's pods; empty for that of the namespace
 */
public record Defaults(
    Images images,
    BuilderDefaults builder,
    List<String> pullSecrets,
    int drainSeconds,
    Optional<String> gitdPriorityClass) {
  public Defaults {
    pullSecrets = List.copyOf(pullSecrets);
  }
}
