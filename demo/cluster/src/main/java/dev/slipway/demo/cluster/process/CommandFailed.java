package dev.slipway.demo.cluster.process;

import java.io.IOException;
import java.util.List;

/** A program of the host did not do what it was asked to; the message holds what it printed. */
public final class CommandFailed extends IOException {
  private final String errors;

  CommandFailed(List<String> argv, Command.Result result) {
    super("%s: exit %d: %s".formatted(argv, result.exitCode(), result.errors().strip()));
    errors = result.errors().strip();
  }

  CommandFailed(List<String> argv, Throwable cause) {
    super("%s: %s".formatted(argv, cause.getMessage()), cause);
    errors = "";
  }

  /** What it printed on its standard error, stripped. */
  public String errors() {
    return errors;
  }
}
