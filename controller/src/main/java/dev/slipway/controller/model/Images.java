package dev.slipway.controller.model;

/**
 * The images that run for a Remote.
 *
 * @param gitd serves git, and fetches contexts into builds
 * @param builder Kaniko, where a Remote names no other
 */
public record Images(String gitd, String builder) {}
