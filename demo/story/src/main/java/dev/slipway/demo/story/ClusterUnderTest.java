package dev.slipway.demo.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Somebody's cluster, on which Slipway is installed for a while: takes nothing away that it has not
 * made.
 */
final class ClusterUnderTest implements AutoCloseable {
  /** The Secret with the login for the registry. */
  static final String LOGIN = "registry-login";

  private static final String SYSTEM = "slipway-system";
  private static final String RELEASE = "slipway";
  private static final String CHART = "charts/slipway";
  private static final String REMOTES = "remotes.gitkube.sh";
  private static final String PATIENCE = "--timeout=300s";

  private final Stage stage;
  private final Path folder;
  private final Path home;

  /** What takes away what was made, the last first. */
  private final Deque<Supplier<Stage.Result>> undo = new ArrayDeque<>();

  /**
   * @param folder in which commands run
   * @param home root of Slipway's repository
   */
  ClusterUnderTest(Stage stage, Path folder, Path home) {
    this.stage = stage;
    this.folder = folder;
    this.home = home;
  }

  /** Shows what it is, and refuses to play where something would be in the way. */
  void look() {
    Story.succeeds(kubectl("version"));
    Story.succeeds(kubectl("get", "nodes"));
    refuseIfThere("namespace", SYSTEM);
    refuseIfThere("namespace", Story.NAMESPACE);
    // Somebody's Remotes, which the controller would serve, and whose kind it would take away.
    refuseIfThere("customresourcedefinition", REMOTES);
    refuseIfThere("clusterrole", "slipway-controller");
  }

  private void refuseIfThere(String kind, String name) {
    if (exists(kind, name)) {
      throw new StoryFailedException(
          "This cluster has a %s %s already, which would be deleted at the end; take another cluster, or delete it first."
              .formatted(kind, name));
    }
  }

  /**
   * Installs Slipway; from now on the story's namespace is taken away at the end, too.
   *
   * @param images by their names in the chart's values
   */
  void install(Map<String, String> images) {
    undo.push(deletion("namespace", SYSTEM));
    Story.succeeds(kubectl("create", "namespace", SYSTEM));
    Story.succeeds(
        kubectl("label", "namespace", SYSTEM, "pod-security.kubernetes.io/enforce=restricted"));
    undo.push(deletion("customresourcedefinition", REMOTES));
    undo.push(deletion("namespace", Story.NAMESPACE));
    undo.push(() -> helm("uninstall", RELEASE, "--ignore-not-found"));
    var install = new ArrayList<>(List.of("install", RELEASE, CHART));
    images.forEach((name, image) -> install.add("--set=images." + name + "=" + image));
    Stage.Result installed = Story.succeeds(helm(install.toArray(String[]::new)));
    Story.check(
        installed.says("helm test slipway -n " + SYSTEM), "Helm's notes tell the next command");
    awaitController();
  }

  /** The chart's own test. */
  void test() {
    Story.succeeds(helm("test", RELEASE));
  }

  /** Takes the controller away, of which the chart's test tells, and has Helm bring it back. */
  void loseController() {
    Story.succeeds(kubectl("scale", "-n", SYSTEM, "deployment/slipway-controller", "--replicas=0"));
    Story.succeeds(
        kubectl(
            "wait",
            "-n",
            SYSTEM,
            "--for=delete",
            "pods",
            "-l",
            "app.kubernetes.io/name=controller",
            PATIENCE));
    Stage.Result tested = helm("test", RELEASE);
    Story.check(tested.exitCode() != 0, "helm test fails");
    Story.check(tested.says("pod slipway-controller-test failed"), "it names the pod that failed");
    Story.succeeds(kubectl("logs", "-n", SYSTEM, "slipway-controller-test"));
    Story.succeeds(helm("upgrade", RELEASE, CHART, "--reuse-values"));
    awaitController();
    Story.succeeds(helm("test", RELEASE));
  }

  private void awaitController() {
    Story.succeeds(
        kubectl("rollout", "status", "-n", SYSTEM, "deployment/slipway-controller", PATIENCE));
  }

  /** Takes Slipway away; Remotes stay, with their gitds. */
  void uninstall() {
    Story.succeeds(undo.pop().get());
    Story.check(!exists("clusterrole", "slipway-controller"), "the controller's rights are gone");
    Story.succeeds(kubectl("get", "-n", Story.NAMESPACE, "remotes,deployments"));
  }

  /** Gives the story's namespace a login for the registry. */
  void makeLogin(Path dockerConfig) {
    Story.succeeds(
        kubectl(
            "create",
            "secret",
            "generic",
            LOGIN,
            "-n",
            Story.NAMESPACE,
            "--type=kubernetes.io/dockerconfigjson",
            "--from-file=.dockerconfigjson=" + dockerConfig.toAbsolutePath()));
  }

  /** Takes away all that was made, and checks that it is gone. */
  void clearAway() {
    while (!undo.isEmpty()) {
      Story.succeeds(undo.pop().get());
    }
    Story.check(!exists("namespace", Story.NAMESPACE), "the app's namespace is gone");
    Story.check(!exists("namespace", SYSTEM), "Slipway's namespace is gone");
  }

  /** Takes away what a play that did not come to its end has left. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    while (!undo.isEmpty()) {
      var _ = undo.pop().get();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Writes down what somebody would look at after a failure.
   *
   * @return the folder with a file for each look, below {@code parent}
   */
  Path collect(Path parent) {
    try {
      String moment = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(':', '-');
      Path findings = Files.createDirectories(parent.resolve(moment));
      for (Map.Entry<String, List<String>> look : looks().entrySet()) {
        Stage.Result result =
            stage.quietly(folder, command(look.getValue().toArray(String[]::new)));
        Files.writeString(findings.resolve(look.getKey()), result.text());
      }
      return findings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, List<String>> looks() {
    var looks = new LinkedHashMap<String, List<String>>();
    looks.put("nodes.txt", List.of("describe", "nodes"));
    for (String namespace : List.of(SYSTEM, Story.NAMESPACE)) {
      String here = "--namespace=" + namespace;
      looks.put(
          namespace + "-objects.yaml",
          List.of(
              "get",
              here,
              "deployments,replicasets,pods,jobs,services,configmaps,networkpolicies,persistentvolumeclaims,leases",
              "-o",
              "yaml"));
      looks.put(
          namespace + "-events.txt", List.of("get", here, "events", "--sort-by=.lastTimestamp"));
      looks.put(namespace + "-pods.txt", List.of("describe", here, "pods"));
      for (String pod : podsOf(namespace)) {
        looks.put(
            namespace + "-" + pod + ".log",
            List.of("logs", here, pod, "--all-containers", "--prefix", "--tail=-1"));
      }
    }
    looks.put("remotes.txt", List.of("describe", "remotes", "--namespace=" + Story.NAMESPACE));
    return looks;
  }

  private List<String> podsOf(String namespace) {
    String names = "jsonpath={range .items[*]}{.metadata.name}{\"\\n\"}{end}";
    return stage
        .quietly(folder, command("get", "pods", "-n", namespace, "-o", names))
        .text()
        .lines()
        .filter(line -> line.matches("[a-z0-9.-]+"))
        .toList();
  }

  private Supplier<Stage.Result> deletion(String kind, String name) {
    return () -> kubectl("delete", kind, name, "--ignore-not-found", PATIENCE);
  }

  private boolean exists(String kind, String name) {
    return stage.quietly(folder, command("get", kind, name)).exitCode() == 0;
  }

  private Stage.Result helm(String... arguments) {
    var command = new ArrayList<>(List.of(arguments));
    command.add("--namespace=" + SYSTEM);
    return stage.run(home, HelmMain.class, "helm", command.toArray(String[]::new));
  }

  private Stage.Result kubectl(String... arguments) {
    return stage.run(folder, command(arguments));
  }

  private static String[] command(String... arguments) {
    var command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }
}
