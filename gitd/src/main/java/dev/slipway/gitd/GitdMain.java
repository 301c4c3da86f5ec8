package dev.slipway.gitd;

import dev.slipway.gitd.front.Front;
import dev.slipway.hooks.context.FetchContext;
import dev.slipway.hooks.registry.PushImage;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Entry point of gitd's image: a command for the server, one for front, and those for the
 * containers beside a builder.
 */
@Command(
    name = "gitd",
    description = "The SSH and git process of one Remote, and the one entry to all of them.",
    mixinStandardHelpOptions = true,
    subcommands = {Serve.class, Front.class, FetchContext.class, PushImage.class})
public final class GitdMain {
  private GitdMain() {}

  /** Runs the command that the arguments name. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GitdMain()).execute(arguments));
  }
}
