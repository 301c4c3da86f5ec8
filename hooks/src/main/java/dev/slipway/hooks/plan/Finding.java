package dev.slipway.hooks.plan;

/**
 * One reason why a push cannot be deployed.
 *
 * @param reason machine-readable, CamelCase
 * @param sentence for the person pushing: what is wrong and what to do
 */
public record Finding(String reason, String sentence) {}
