package dev.slipway.controller.resolve;

import java.util.Set;

/** What is known of a Secret: never its values. */
public record FoundSecret(String type, Set<String> keys) {}
