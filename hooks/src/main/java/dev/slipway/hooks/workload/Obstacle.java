package dev.slipway.hooks.workload;

/**
 * Why a workload would not run new images though they are set.
 *
 * @param reason machine-readable, CamelCase
 * @param sentence to be read after the name of the workload: what is so and what to do
 */
public record Obstacle(String reason, String sentence) {}
