package dev.slipway.controller.check;

/**
 * What is usable of a part of a spec, and what was found about it.
 *
 * @param <T> the normalised part
 */
public record Checked<T>(T value, Verdict verdict) {}
