package dev.slipway.demo.cluster;

import dev.slipway.demo.cluster.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The real kubectl of this machine, pointed at one cluster.
 *
 * @param kubeconfig the only configuration it may read
 * @param home holds its discovery cache, so that two clusters never share one
 */
public record Kubectl(Path kubeconfig, Path home) {
  /** Longer than any wait that kubectl is asked for, so that it says itself what did not come. */
  private static final Duration LIMIT = Duration.ofSeconds(330);

  /**
   * What a command came to.
   *
   * @param exitCode 0 when it succeeded
   * @param output standard output
   * @param errors standard error
   */
  public record Result(int exitCode, String output, String errors) {}

  /** Runs a command without input and waits for its end. */
  public Result run(String... args) {
    return runWithInput("", args);
  }

  /** Runs a command that reads {@code input} from standard input, and waits for its end. */
  public Result runWithInput(String input, String... args) {
    try {
      var result =
          Command.of(argv(args)).with(environment()).reading(input).endingWithin(LIMIT).run();
      return new Result(result.exitCode(), result.output(), result.errors());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run kubectl " + List.of(args), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while kubectl ran", e);
    }
  }

  /** Starts a command that the caller reads from and ends, such as {@code get -w}. */
  public Process start(String... args) throws IOException {
    var builder = new ProcessBuilder(argv(args));
    builder.environment().putAll(environment());
    return builder.start();
  }

  private static List<String> argv(String... args) {
    return Stream.concat(Stream.of("kubectl"), Stream.of(args)).toList();
  }

  private Map<String, String> environment() {
    return Map.of("KUBECONFIG", kubeconfig.toString(), "HOME", home.toString());
  }
}
