package dev.slipway.hooks;

import java.time.Duration;

/**
 * How patient a push is with the cluster.
 *
 * @param notice after so much silence the pusher is told what is waited for
 * @param startLimit how long a full cluster or an exhausted quota may keep a pod from starting
 * @param mountGrace how long a volume that cannot be mounted is given to recover by itself
 * @param pullGrace how long an image that cannot be pulled, or a container that cannot be created,
 *     is given to recover by itself
 * @param crashLimit restarts of one new container after which a rollout has failed
 * @param restoreLimit how long, after a failed rollout, what ran before is awaited; less than a
 *     rollout may take, since the push has failed already
 * @param apiPatience how long one call to the API server is repeated while the server is away or
 *     busy
 * @param registryPatience how long the registry is asked before a build whether it has the images
 *     already, and whether it takes them; zero for not at all
 */
public record PipelineSettings(
    Duration notice,
    Duration startLimit,
    Duration mountGrace,
    Duration pullGrace,
    int crashLimit,
    Duration restoreLimit,
    Duration apiPatience,
    Duration registryPatience) {

  /** What suits a real cluster. */
  public static PipelineSettings defaults() {
    return new PipelineSettings(
        Duration.ofSeconds(5),
        Duration.ofSeconds(120),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        2,
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        Duration.ofSeconds(4));
  }
}
