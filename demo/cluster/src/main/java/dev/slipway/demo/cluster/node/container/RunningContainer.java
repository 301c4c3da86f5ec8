package dev.slipway.demo.cluster.node.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.process.Command;
import dev.slipway.demo.cluster.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a container's program under runc, from its start to its end. */
public final class RunningContainer {
  private static final Logger log = LoggerFactory.getLogger(RunningContainer.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** The program could not be started; the message is runc's. */
  public static final class StartFailed extends Exception {
    StartFailed(String message) {
      super(message);
    }
  }

  /**
   * How it ended.
   *
   * @param outOfMemory the kernel has killed one of its processes for want of memory
   */
  public record Exit(int code, boolean outOfMemory) {}

  private final Sandbox sandbox;
  private final ContainerSpec spec;
  private final Path states;
  private final Process process;

  private RunningContainer(Sandbox sandbox, ContainerSpec spec, Path states, Process process) {
    this.sandbox = sandbox;
    this.spec = spec;
    this.states = states;
    this.process = process;
  }

  /**
   * Starts it; what it prints goes to the log, which is closed at its end.
   *
   * @param bundle an existing directory of this run's own
   * @param states runc's directory of states
   */
  public static RunningContainer start(
      Sandbox sandbox, ContainerSpec spec, Path bundle, Path states, ContainerLog output)
      throws StartFailed, IOException, InterruptedException {
    Files.writeString(bundle.resolve("config.json"), RuntimeConfig.json(spec));
    var pidFile = bundle.resolve("pid");
    var errors = bundle.resolve("runc.log");
    var argv = new ArrayList<>(sandbox.entrance(spec.network()));
    argv.addAll(
        List.of(
            "runc",
            "--root=" + states,
            "--log=" + errors,
            "--log-format=json",
            "run",
            // Its cgroup must outlive it, for the question whether memory was the reason.
            "--keep",
            "--bundle=" + bundle,
            "--pid-file=" + pidFile,
            spec.id()));
    var process =
        new ProcessBuilder(argv)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .start();
    var container = new RunningContainer(sandbox, spec, states, process);
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    // The program's first output may come before the file, so the log takes it from the beginning.
    output.take(process.getInputStream());
    while (!Files.exists(pidFile)) {
      if (process.waitFor(5, TimeUnit.MILLISECONDS) && !Files.exists(pidFile)) {
        container.delete();
        throw new StartFailed(startError(errors));
      }
      if (System.nanoTime() > deadline) {
        container.kill("KILL");
        throw new StartFailed("runc did not start the container within " + START_LIMIT);
      }
    }
    return container;
  }

  private static String startError(Path errors) throws IOException {
    if (!Files.exists(errors)) {
      return "runc ended without a word";
    }
    var last = "runc ended without a word";
    for (var line : Files.readAllLines(errors)) {
      var entry = JSON.readTree(line);
      if (entry.path("level").asText().equals("error")) {
        last = entry.path("msg").asText().replaceFirst("^runc run failed: ", "");
      }
    }
    return last;
  }

  /** Waits for its end and frees what it held. */
  public Exit await() throws InterruptedException {
    int code = process.waitFor();
    var exit = new Exit(code, Cgroups.killedForMemory(spec.cgroup()));
    delete();
    return exit;
  }

  /** Waits at most so long; true when it has ended. */
  public boolean hasEndedWithin(Duration time) throws InterruptedException {
    return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Sends a signal, such as {@code TERM}, to its first process; nothing when it has ended. */
  public void kill(String signal) throws InterruptedException {
    runc("kill", spec.id(), signal);
  }

  /** Runs a program inside, beside its own, at most so long; exit code 124 when time was up. */
  public Command.Result execute(List<String> program, Duration limit)
      throws CommandFailed, InterruptedException {
    var argv = new ArrayList<>(sandbox.entrance(spec.network()));
    argv.addAll(List.of("timeout", "--kill-after=1", limit.toMillis() / 1000.0 + "s"));
    argv.addAll(List.of("runc", "--root=" + states, "exec", spec.id()));
    argv.addAll(program);
    return Command.of(argv).run();
  }

  private void delete() throws InterruptedException {
    runc("delete", "--force", spec.id());
    Cgroups.remove(spec.cgroup());
  }

  private void runc(String... arguments) throws InterruptedException {
    var argv = new ArrayList<>(sandbox.entrance(spec.network()));
    argv.addAll(List.of("runc", "--root=" + states));
    argv.addAll(List.of(arguments));
    try {
      var result = Command.of(argv).run();
      if (result.exitCode() != 0) {
        log.debug("runc {}: {}", List.of(arguments), result.errors().strip());
      }
    } catch (CommandFailed e) {
      log.warn("Cannot control container {}", spec.id(), e);
    }
  }
}
