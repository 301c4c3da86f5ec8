package dev.slipway.crd.gitd;

/**
 * How much a push may bring, so that the volume of the repository never runs full.
 *
 * @param packBytes largest pack of one push, as it is sent
 * @param fileBytes largest file, and any other object, when unpacked
 * @param reserveBytes free space on the volume below which nothing is taken any more
 */
public record PushLimits(long packBytes, long fileBytes, long reserveBytes) {}
