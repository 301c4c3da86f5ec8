package dev.slipway.demo.cluster.image;

import java.util.List;

/**
 * What an image says about how it wants to be run.
 *
 * @param user {@code ""}, a name or number, optionally with {@code :group}
 * @param environment {@code NAME=value}
 * @param workingDirectory {@code ""} for the root
 */
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    String user,
    String workingDirectory) {
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
  }
}
