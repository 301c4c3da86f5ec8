package dev.slipway.crd.gitd;

import org.jspecify.annotations.Nullable;

/**
 * Where builds keep layers for the next ones.
 *
 * @param repository with its registry, without a tag; null for one beside the images
 * @param ttlHours until a layer is built again
 * @param always whether that is tried although the registry has not said that it takes them
 */
public record LayerSettings(@Nullable String repository, int ttlHours, boolean always) {}
