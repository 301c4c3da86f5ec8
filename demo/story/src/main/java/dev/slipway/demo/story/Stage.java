package dev.slipway.demo.story;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Where the story is told: runs real commands, shows each with its output, and keeps the output.
 */
final class Stage {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./~-]+");
  private static final long LIMIT_SECONDS = 300;

  private final PrintStream out;
  private final Map<String, String> environment;

  /**
   * @param environment added to that of this process, for every command
   */
  Stage(PrintStream out, Map<String, String> environment) {
    this.out = out;
    this.environment = Map.copyOf(environment);
  }

  /** What a command said, standard output and error together, and how it ended. */
  record Result(int exitCode, String text) {
    /** The lines without what a terminal would not show. */
    List<String> lines() {
      return text.lines().map(String::stripTrailing).toList();
    }

    boolean says(String part) {
      return text.contains(part);
    }
  }

  /** Says a sentence between two commands. */
  void say(String sentence) {
    out.println();
    out.println("# " + sentence);
  }

  void print(String line) {
    out.println(line);
  }

  /** Runs a command in {@code folder}, shows it and its output as it comes. */
  Result run(Path folder, String... command) {
    out.println("$ " + shown(command));
    return start(folder, line -> out.println(line.stripTrailing()), command);
  }

  /**
   * Runs a class of this process's own class path in a process of its own.
   *
   * @param program the command that it stands for, and that is shown
   */
  Result run(Path folder, Class<?> main, String program, String... arguments) {
    out.println("$ " + program + " " + shown(arguments));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return start(folder, line -> out.println(line.stripTrailing()), command.toArray(String[]::new));
  }

  /** Runs a command without showing anything: for looking behind the scene. */
  Result quietly(Path folder, String... command) {
    return start(folder, line -> {}, command);
  }

  /** Runs a command that must succeed, without showing anything, and returns what it said. */
  String done(Path folder, String... command) {
    Result result = quietly(folder, command);
    if (result.exitCode() != 0) {
      throw new StoryFailedException(
          "%s ended with %d:%n%s".formatted(shown(command), result.exitCode(), result.text()));
    }
    return result.text();
  }

  /**
   * Runs a command without showing anything.
   *
   * @param eachLine gets its output as it comes
   */
  Result followed(Path folder, Consumer<String> eachLine, String... command) {
    return start(folder, eachLine, command);
  }

  private Result start(Path folder, Consumer<String> eachLine, String... command) {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      process
          .onExit()
          .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
          .exceptionally(late -> process.destroyForcibly());
      var text = new StringBuilder();
      try (var reader = process.inputReader()) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          text.append(line).append('\n');
          eachLine.accept(line);
        }
      }
      return new Result(process.waitFor(), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + shown(command), e);
    }
  }

  private static String shown(String... command) {
    var text = new StringBuilder();
    for (String word : command) {
      text.append(text.isEmpty() ? "" : " ").append(quoted(word));
    }
    return text.toString();
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
