package dev.slipway.hooks.context;

/** The build contexts that running builds may fetch, each behind a token of its own. */
public final class BuildContexts {}
