package dev.slipway.demo.story;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code make e2e}: installs Slipway on a cluster, plays the story and what fails, clears away. */
@Command(
    name = "e2e",
    mixinStandardHelpOptions = true,
    description =
        "Installs Slipway on the cluster of the current KUBECONFIG, plays the story and the main"
            + " failures on it, and takes away what it has made.")
public final class E2eMain implements Callable<Integer> {
  @Option(
      names = "--registry",
      required = true,
      description = "Where images go, as in spec.registry.url of a Remote.")
  String registry = "";

  @Option(
      names = "--pull-registry",
      description = "The same as nodes know it, as in spec.registry.pullUrl.")
  String pullRegistry = "";

  @Option(names = "--insecure", description = "The registry speaks plain HTTP.")
  boolean insecure;

  @Option(
      names = "--docker-config",
      description = "A Docker config.json with the login for the registry.")
  @Nullable Path dockerConfig;

  @Option(names = "--controller-image", required = true, description = "As nodes pull it.")
  String controllerImage = "";

  @Option(names = "--gitd-image", required = true, description = "As nodes pull it.")
  String gitdImage = "";

  @Option(names = "--builder-image", description = "Kaniko, if not as the chart says.")
  String builderImage = "";

  @Option(
      names = "--reach",
      defaultValue = "PORT_FORWARD",
      description = "How to get to Services: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Reach reach = Reach.PORT_FORWARD;

  @Option(
      names = "--bench",
      description = "How often to push and to do the same by hand, by turns, for their times.")
  int rounds;

  @Option(
      names = "--findings",
      defaultValue = "target/e2e",
      description = "Folder for logs, events and objects after a failure.")
  Path findings = Path.of("");

  @Option(names = "--home", description = "Root of Slipway's repository.")
  Path home = Path.of("");

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] args) {
    System.exit(new CommandLine(new E2eMain()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    Path root = home.toAbsolutePath().normalize();
    try (var _ = Curtain.raise(out);
        var state = StateDirectory.create()) {
      var scene =
          Scene.layOut(
              state.path(), root.resolve("demo/guestbook"), Path.of(kubeconfig()), remote());
      var stage = new Stage(out, scene.environment());
      try (var cluster = new ClusterUnderTest(stage, scene.folder(), root);
          var story = new Story(stage, scene, reach)) {
        return play(stage, acts(cluster, story), cluster);
      }
    }
  }

  private List<Act> acts(ClusterUnderTest cluster, Story story) {
    var acts = new ArrayList<Act>();
    acts.add(new Act("The cluster.", cluster::look));
    acts.add(new Act("Slipway is installed.", () -> cluster.install(images())));
    acts.add(new Act("The chart's own test: the controller answers.", cluster::test));
    acts.addAll(story.acts());
    Path login = dockerConfig;
    if (login != null) {
      acts.add(4, new Act("A login for the registry.", () -> cluster.makeLogin(login)));
    }
    var failures = new Failures(story);
    acts.addAll(failures.acts());
    acts.add(
        new Act(
            "The controller is gone: the chart's test says so, and an upgrade brings it back.",
            cluster::loseController));
    if (rounds > 0) {
      acts.add(
          new Act(
              "The page changes, in one pod: by git push and by hand, in turns.",
              () -> story.race(rounds)));
    }
    acts.add(
        new Act("Slipway is uninstalled: Remotes stay, and so does gitd.", cluster::uninstall));
    acts.add(failures.goodPush());
    acts.add(new Act("Everything is taken away.", cluster::clearAway));
    return acts;
  }

  /** By their names in the chart's values. */
  private Map<String, String> images() {
    var images = new LinkedHashMap<String, String>();
    images.put("controller", controllerImage);
    images.put("gitd", gitdImage);
    if (!builderImage.isEmpty()) {
      images.put("builder", builderImage);
    }
    return images;
  }

  private int play(Stage stage, List<Act> acts, ClusterUnderTest cluster) throws IOException {
    Instant began = Instant.now();
    for (Act act : acts) {
      stage.say(act.title());
      Instant actBegan = Instant.now();
      try {
        act.play().run();
      } catch (RuntimeException e) {
        if (Thread.currentThread().isInterrupted()) {
          return Curtain.INTERRUPTED;
        }
        Path folder = cluster.collect(Files.createDirectories(findings.toAbsolutePath()));
        stage.print("");
        stage.print(" !     " + e.getMessage());
        stage.print(" !     Logs, events and objects are in " + folder);
        return 1;
      }
      stage.print("  (%.1f s)".formatted(secondsSince(actBegan)));
    }
    stage.print("");
    stage.print("Every step has happened, in %.0f s.".formatted(secondsSince(began)));
    return 0;
  }

  private static double secondsSince(Instant moment) {
    return Duration.between(moment, Instant.now()).toMillis() / 1000.0;
  }

  /** The current one, as kubectl finds it. */
  private static String kubeconfig() {
    String set = System.getenv("KUBECONFIG");
    return set == null || set.isEmpty() ? System.getProperty("user.home") + "/.kube/config" : set;
  }

  /** What remote.yaml leaves to the cluster at hand. */
  private UnaryOperator<String> remote() {
    String where =
        Scene.registry(registry, pullRegistry, insecure)
            + (dockerConfig == null
                ? ""
                : "\n    credentials: {secretRef: " + ClusterUnderTest.LOGIN + "}");
    return text ->
        text.replace(Scene.REGISTRY, where)
            .replace("type: NodePort", "type: " + reach.serviceType());
  }
}
