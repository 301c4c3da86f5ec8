package dev.slipway.controller.model;

/** The ports that gitd's container listens on. */
final class GitdPorts {
  static final int SSH = 2022;
  static final int CONTEXT = 8022;
  static final int HEALTH = 8080;

  private GitdPorts() {}
}
