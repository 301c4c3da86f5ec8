package dev.slipway.images;

import java.util.Locale;

/** What an image runs when it is started. */
enum Program {
  CONTROLLER("dev.slipway.controller.ControllerMain"),
  GITD("dev.slipway.gitd.GitdMain");

  private final String mainClass;

  Program(String mainClass) {
    this.mainClass = mainClass;
  }

  String mainClass() {
    return mainClass;
  }

  /** The last part of its image's name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
