package dev.slipway.demo.cluster.kaniko;

/** A build ends here; the message is the last line that Kaniko prints. */
final class BuildFailed extends Exception {
  private final int exitCode;

  BuildFailed(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  static BuildFailed building(String why) {
    return new BuildFailed(1, "error building image: " + why);
  }

  static BuildFailed step(int exitCode, String why) {
    return new BuildFailed(exitCode, "error building image: error building stage: " + why);
  }

  int exitCode() {
    return exitCode;
  }
}
