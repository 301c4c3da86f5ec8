package dev.slipway.demo.story;

import dev.slipway.demo.cluster.real.RealApiMissing;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** {@code make demo}: the embedded cluster, the story, and then time to play. */
public final class DemoMain {
  /** End after the story. */
  private boolean once;

  /** End before the story. */
  private boolean untilReady;

  /** Root of Slipway's repository. */
  private Path home = Path.of("");

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private DemoMain() {}

  public static void main(String[] args) {
    var demo = new DemoMain();
    // Not by picocli, whose class files are too old for an AOT cache: it would hold up the start.
    for (var arg : args) {
      switch (arg) {
        case "--once" -> demo.once = true;
        case "--until-ready" -> demo.untilReady = true;
        case String home when home.startsWith("--home=") ->
            demo.home = Path.of(home.substring("--home=".length()));
        default -> {
          System.err.println(
              arg + " is none of --once, --until-ready and --home=<root of the repository>.");
          System.exit(2);
        }
      }
    }
    try {
      System.exit(demo.run());
    } catch (IOException | RuntimeException | InterruptedException e) {
      e.printStackTrace(System.err);
      System.exit(1);
    }
  }

  private int run() throws IOException, InterruptedException {
    try (var _ = Curtain.raise(out);
        var state = StateDirectory.create()) {
      out.println("Starting a small Kubernetes, a registry, and Slipway in it …");
      try (var installation = Installation.start(home.toAbsolutePath(), state.path())) {
        out.printf(
            "Kubernetes was ready after %.1f s, Slipway after %.1f s.%n",
            secondsUntil(installation.clusterReady()), secondsUntil(Instant.now()));
        return untilReady ? 0 : play(installation, state.path());
      }
    } catch (StoryFailedException | RealApiMissing e) {
      out.println();
      out.println(" !     " + e.getMessage());
      return 1;
    } catch (RuntimeException | InterruptedException e) {
      // Whatever failed, failed because of the interrupt.
      if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
        return Curtain.INTERRUPTED;
      }
      throw e;
    }
  }

  /** Since the process began, the JVM's own start included. */
  private static double secondsUntil(Instant moment) {
    var begin = ProcessHandle.current().info().startInstant().orElseThrow();
    return Duration.between(begin, moment).toMillis() / 1000.0;
  }

  private int play(Installation installation, Path state) throws InterruptedException, IOException {
    var scene =
        Scene.layOut(
            state.resolve("you"),
            home.toAbsolutePath().resolve("demo/guestbook"),
            installation.cluster().kubeconfig(),
            Scene.registry(
                installation.registryForPods() + "/guestbook",
                installation.registry() + "/guestbook",
                true));
    var stage = new Stage(out, scene.environment());
    try (var story = new Story(stage, scene, Reach.NODE_PORT)) {
      for (Act act : story.acts()) {
        stage.say(act.title());
        act.play().run();
      }
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
    new CountDownLatch(1).await();
    return 0;
  }

  private static String playOn(Scene scene) {
    return """

    # Now you: in another terminal (as root, since the files belong to root)
    export KUBECONFIG=%s
    export GIT_SSH_COMMAND='%s'
    cd %s
    kubectl config set-context --current --namespace=%s
    git push dev master

    It goes on until Ctrl-C, which leaves nothing behind.\
    """
        .formatted(scene.kubeconfig(), scene.sshCommand(), scene.repository(), Story.NAMESPACE);
  }
}
