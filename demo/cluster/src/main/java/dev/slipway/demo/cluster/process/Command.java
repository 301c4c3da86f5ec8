package dev.slipway.demo.cluster.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program of the host to its end; its arguments are never read by a shell. */
public record Command(
    List<String> argv, Map<String, String> environment, String input, Duration limit) {
  /** How it ended and what it printed. */
  public record Result(int exitCode, String output, String errors) {}

  public Command {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  public static Command of(String... argv) {
    return of(List.of(argv));
  }

  public static Command of(List<String> argv) {
    return new Command(argv, Map.of(), "", Duration.ofDays(1));
  }

  /** With these variables on top of this process's own. */
  public Command with(Map<String, String> variables) {
    return new Command(argv, variables, input, limit);
  }

  /** With this text as its standard input. */
  public Command reading(String text) {
    return new Command(argv, environment, text, limit);
  }

  /** For a program that fails when it takes longer. */
  public Command endingWithin(Duration time) {
    return new Command(argv, environment, input, time);
  }

  /**
   * Waits for its end.
   *
   * @throws CommandFailed when it cannot be started, does not end within its limit, or its exit
   *     code is not 0
   */
  public String runOrFail() throws CommandFailed, InterruptedException {
    var result = run();
    if (result.exitCode() != 0) {
      throw new CommandFailed(argv, result);
    }
    return result.output();
  }

  /**
   * Waits for its end, whatever that is.
   *
   * @throws CommandFailed when it cannot be started or does not end within its limit
   */
  public Result run() throws CommandFailed, InterruptedException {
    Process process;
    try {
      var builder = new ProcessBuilder(argv);
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new CommandFailed(argv, e);
    }
    try {
      var output = reader(process.getInputStream());
      var errors = reader(process.getErrorStream());
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading all: its exit code says whether that was wrong.
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CommandFailed(argv, new TimeoutException("it did not end within " + limit));
      }
      return new Result(process.exitValue(), output.get(), errors.get());
    } catch (ExecutionException e) {
      throw new CommandFailed(argv, e.getCause() == null ? e : e.getCause());
    } finally {
      process.destroyForcibly();
    }
  }

  private static FutureTask<String> reader(InputStream stream) {
    var task =
        new FutureTask<>(
            () -> {
              try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
              } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the output", e);
              }
            });
    Thread.ofVirtual().start(task);
    return task;
  }
}
