package dev.slipway.crd.gitd;

import dev.slipway.crd.Rollout;

/**
 * How rollouts are awaited.
 *
 * @param timeoutSeconds until a rollout that is not healthy has failed
 * @param onFailure what happens to the targets then
 */
public record RolloutSettings(int timeoutSeconds, Rollout.OnFailure onFailure) {}
