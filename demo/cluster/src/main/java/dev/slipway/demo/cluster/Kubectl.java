package dev.slipway.demo.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The real kubectl of this machine, pointed at one cluster.
 *
 * @param kubeconfig the only configuration it may read
 * @param home holds its discovery cache, so that two clusters never share one
 */
public record Kubectl(Path kubeconfig, Path home) {
  /** Longer than any wait that kubectl is asked for, so that it says itself what did not come. */
  private static final long TIMEOUT_SECONDS = 330;

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
      var process = start(args);
      var output = Reader.of(process.getInputStream());
      var errors = Reader.of(process.getErrorStream());
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The command ended without reading its input: its exit code tells more.
      }
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "kubectl did not end within " + TIMEOUT_SECONDS + " s: " + List.of(args));
      }
      return new Result(process.exitValue(), output.text(), errors.text());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run kubectl " + List.of(args), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while kubectl ran", e);
    }
  }

  /** Starts a command that the caller reads from and ends, such as {@code get -w}. */
  public Process start(String... args) throws IOException {
    var command = new ArrayList<String>();
    command.add("kubectl");
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", home.toString());
    return builder.start();
  }

  /** Collects a stream in the background, so that a full pipe never blocks the command. */
  private record Reader(CompletableFuture<String> collected) {
    static Reader of(InputStream from) {
      return new Reader(
          CompletableFuture.supplyAsync(() -> readAll(from), Thread::startVirtualThread));
    }

    private static String readAll(InputStream from) {
      try (from) {
        return new String(from.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        return "[output lost: " + e.getMessage() + "]";
      }
    }

    String text() {
      return collected.join();
    }
  }
}
