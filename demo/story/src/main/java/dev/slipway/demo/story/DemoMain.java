package dev.slipway.demo.story;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code make demo}: the embedded cluster, the story, and then time to play. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Plays Slipway's story on an embedded cluster and stays up until Ctrl-C.")
public final class DemoMain implements Callable<Integer> {
  @Option(names = "--once", description = "End after the story.")
  boolean once;

  @Option(names = "--home", description = "Root of Slipway's repository.")
  Path home = Path.of("");

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] args) {
    System.exit(new CommandLine(new DemoMain()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var begin = Instant.now();
    var state = StateDirectory.create();
    var ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitQuietly(ended)));
    Thread playing = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(playing::interrupt));
    try (state) {
      out.println("Starting a small Kubernetes, a registry, and Slipway in it …");
      try (var installation = Installation.start(home.toAbsolutePath(), state.path())) {
        out.printf(
            "Ready after %.1f s.%n", Duration.between(begin, Instant.now()).toMillis() / 1000.0);
        return play(installation, state.path());
      }
    } catch (StoryFailedException e) {
      out.println();
      out.println(" !     " + e.getMessage());
      return 1;
    } finally {
      ended.countDown();
    }
  }

  private int play(Installation installation, Path state) throws InterruptedException, IOException {
    var scene =
        Scene.layOut(
            state.resolve("you"),
            home.toAbsolutePath().resolve("demo/guestbook"),
            installation.cluster().kubeconfig(),
            installation.registry() + "/guestbook");
    var stage = new Stage(out, scene.environment());
    try {
      new Story(stage, scene).tell();
    } catch (StoryFailedException e) {
      new Autopsy(installation, out).show();
      throw e;
    }
    if (once) {
      out.println();
      out.println("Every step of the story has happened.");
      return 0;
    }
    out.println(playOn(scene));
    try {
      new CountDownLatch(1).await();
      return 0;
    } catch (InterruptedException e) {
      out.println();
      out.println("Clearing away …");
      return 0;
    }
  }

  private static String playOn(Scene scene) {
    return """

    # Now you: in another terminal (as root, since the files belong to root)
    export KUBECONFIG=%s
    export GIT_SSH_COMMAND='%s'
    cd %s
    kubectl config set-context --current --namespace=%s
    git push dev master

    It goes on until Ctrl-C, which leaves nothing behind."""
        .formatted(scene.kubeconfig(), scene.sshCommand(), scene.repository(), Story.NAMESPACE);
  }

  private static void awaitQuietly(CountDownLatch ended) {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where the demo's files are, removed at the end; also those of a demo that was killed. */
  private record StateDirectory(Path path) implements AutoCloseable {
    private static final String PREFIX = "slipway-demo-";

    static StateDirectory create() throws IOException, InterruptedException {
      Path parent = Path.of(System.getProperty("java.io.tmpdir"));
      try (var old = Files.newDirectoryStream(parent, PREFIX + "*")) {
        for (Path directory : old) {
          String pid = directory.getFileName().toString().substring(PREFIX.length());
          if (pid.matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
            remove(directory);
          }
        }
      }
      Path path = parent.resolve(PREFIX + ProcessHandle.current().pid());
      remove(path);
      return new StateDirectory(Files.createDirectory(path));
    }

    @Override
    public void close() throws IOException {
      try {
        remove(path);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void remove(Path directory) throws IOException, InterruptedException {
      // An interrupt has brought us here; it must not keep us from clearing away.
      boolean interrupted = Thread.interrupted();
      new ProcessBuilder("rm", "-rf", "--one-file-system", directory.toString())
          .inheritIO()
          .start()
          .waitFor();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
