package dev.slipway.gitd;

import dev.slipway.gitd.front.Front;
import dev.slipway.hooks.context.FetchContext;
import dev.slipway.hooks.registry.PushImage;
import java.util.Arrays;
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
    subcommands = {Serve.class, Front.class, PushImage.class})
public final class GitdMain {
  private GitdMain() {}

  /**
   * Runs the command that the arguments name. Picocli is shown that one alone: what it reads of all
   * is a part of each start that can be measured.
   */
  public static void main(String[] arguments) {
    int status =
        switch (arguments.length == 0 ? "" : arguments[0]) {
          case "serve" -> run(new Serve(), arguments);
          case "front" -> run(new Front(), arguments);
          case "fetch-context" -> FetchContext.run(rest(arguments));
          case "push-image" -> run(new PushImage(), arguments);
          default -> new CommandLine(new GitdMain()).execute(arguments);
        };
    System.exit(status);
  }

  private static int run(Object command, String[] arguments) {
    return new CommandLine(command).setCommandName("gitd " + arguments[0]).execute(rest(arguments));
  }

  private static String[] rest(String... arguments) {
    return Arrays.copyOfRange(arguments, 1, arguments.length);
  }
}
