package dev.slipway.demo.cluster.kaniko;

import dev.slipway.demo.cluster.image.RegistryCredentials;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program of the builder image: runs the build that Kaniko's flags ask for. */
public final class KanikoMain {
  /** Names the directory of the builds' common storage. */
  public static final String STORE = "SLIPWAY_BUILDER_STORE";

  private KanikoMain() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments, System.getenv(), System.out));
  }

  /** Answers the exit code. */
  static int run(String[] arguments, Map<String, String> environment, PrintStream output) {
    var options = new KanikoOptions();
    try {
      new CommandLine(options).parseArgs(arguments);
    } catch (UnmatchedArgumentException e) {
      return usage(output, "unknown flag: " + e.getUnmatched().getFirst().split("=", 2)[0]);
    } catch (CommandLine.ParameterException e) {
      return usage(output, String.valueOf(e.getMessage()));
    }
    if (options.destinations.isEmpty() && !options.noPush) {
      return usage(output, "you must provide --destination, or use --no-push");
    }
    var file = options.dockerfile();
    if (file.isEmpty()) {
      return usage(
          output,
          "error resolving dockerfile path: please provide a valid path to a Dockerfile within the"
              + " build context with --dockerfile");
    }
    var format = KanikoLog.Format.valueOf(options.logFormat.toUpperCase(Locale.ROOT));
    var log = new KanikoLog(format, output, Clock.systemUTC());
    try {
      var store = Path.of(environment.getOrDefault(STORE, "/var/cache/slipway-builder"));
      new KanikoBuild(options, file.get(), log, store, credentials(environment)).run();
      return 0;
    } catch (BuildFailed e) {
      log.raw(String.valueOf(e.getMessage()));
      return e.exitCode();
    } catch (IOException e) {
      log.raw("error building image: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  private static RegistryCredentials credentials(Map<String, String> environment)
      throws IOException {
    var directory = environment.getOrDefault("DOCKER_CONFIG", "/kaniko/.docker");
    var file = Path.of(directory, "config.json");
    return Files.isRegularFile(file)
        ? RegistryCredentials.parse(Files.readString(file))
        : RegistryCredentials.none();
  }

  private static int usage(PrintStream output, String error) {
    try (var text = KanikoMain.class.getResourceAsStream("usage.txt")) {
      output.println("Error: " + error);
      if (text != null) {
        output.print(new String(text.readAllBytes(), StandardCharsets.UTF_8));
      }
      output.flush();
      return 1;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the usage text", e);
    }
  }
}
