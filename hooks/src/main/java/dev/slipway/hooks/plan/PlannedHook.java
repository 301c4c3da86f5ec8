package dev.slipway.hooks.plan;

import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.hooks.context.ContextSource;
import org.jspecify.annotations.Nullable;

/**
 * One hook that a push runs.
 *
 * @param build whose image it runs; null when the hook names an image
 * @param source the files that it finds; null for none
 */
public record PlannedHook(
    HookSettings hook, @Nullable ImageBuild build, @Nullable ContextSource source) {}
