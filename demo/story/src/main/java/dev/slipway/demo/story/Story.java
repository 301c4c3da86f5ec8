package dev.slipway.demo.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The story that everything serves, told with the real {@code kubectl} and {@code git}: a Remote is
 * created, pushed to, changed, broken; every step is checked before the next one.
 */
final class Story implements AutoCloseable {
  /** The namespace it plays in. */
  static final String NAMESPACE = "guestbook";

  private static final Pattern DIGEST = Pattern.compile("@sha256:[0-9a-f]{64}");

  private static final Pattern SSH_URL = Pattern.compile("ssh://([^@]+)@[^/]+(/.*)");

  private final Stage stage;
  private final Scene scene;
  private final Reach reach;
  private Reach.@Nullable Way toGit;

  Story(Stage stage, Scene scene, Reach reach) {
    this.stage = stage;
    this.scene = scene;
    this.reach = reach;
  }

  /** All of it, in its order; each act throws {@link StoryFailedException} if it did not happen. */
  List<Act> acts() {
    return List.of(
        new Act(
            "An app that waits for its first push: two Deployments that serve an empty folder.",
            this::createTheApp),
        new Act("A Remote: who may push, what is built, where it goes.", this::createTheRemote),
        new Act("git push deploys.", this::firstPush),
        new Act("Live: the page, filled by the API.", this::lookAtThePage),
        new Act("Change the page, push again.", this::changeThePage),
        new Act(
            "Break the Dockerfile: the push is rejected, and what runs goes on running.",
            this::breakTheBuild),
        new Act("What the operator sees.", this::lookAtTheEvents));
  }

  @Override
  public void close() {
    if (toGit != null) {
      toGit.close();
    }
  }

  private void createTheApp() {
    succeeds(kubectl("create", "namespace", NAMESPACE));
    succeeds(kubectl("create", "-n", NAMESPACE, "-f", "kubernetes.yaml"));
  }

  private void createTheRemote() {
    stage.print(scene.remoteYaml().indent(2).stripTrailing());
    succeeds(kubectl("create", "-f", "remote.yaml"));
    succeeds(
        kubectl("wait", "-n", NAMESPACE, "--for=condition=Ready", "remote/dev", "--timeout=90s"));
    Stage.Result remotes = succeeds(kubectl("get", "-n", NAMESPACE, "remote"));
    check(remotes.says("ssh://guestbook-dev@"), "kubectl get remote shows the URL to push to");
    succeeds(kubectl("get", "-n", NAMESPACE, "deployments"));
  }

  private void firstPush() {
    scene.startRepository();
    succeeds(git("init", "-q", "-b", "master"));
    succeeds(git("add", "."));
    succeeds(git("commit", "-q", "-m", "A guestbook"));
    succeeds(git("remote", "add", "dev", gitUrl()));
    Stage.Result push = succeeds(git("push", "dev", "master"));
    check(push.says("-----> Building 2 images"), "the push says that it builds");
    // A registry that has seen the story before has their layers.
    check(
        push.says("api: 2 tests passed") || push.says("api | cached: RUN sh /tmp/test.sh"),
        "the output of RUN steps is streamed into the push");
    check(push.says("=====> Deployed "), "the push says that it has deployed");
    check(push.says("master -> master"), "git says that the branch has moved");
  }

  private void lookAtThePage() {
    check(page().says("<h1>Guestbook</h1>"), "the page that was pushed is served");
    succeeds(curl("cgi-bin/sign", "-d", "text=Hello+from+the+story"));
    check(page().says("<li>Hello from the story"), "the API keeps what was signed");
    succeeds(kubectl("get", "-n", NAMESPACE, "deployments", "-o", "wide"));
    check(DIGEST.matcher(image("web")).find(), "the image is set by its digest");
  }

  private void changeThePage() {
    edit("web/Dockerfile", "TITLE=\"Guestbook\"", "TITLE=\"The guestbook of everybody\"");
    succeeds(git("commit", "-q", "-a", "-m", "A friendlier title"));
    Stage.Result push = succeeds(git("push", "dev", "master"));
    check(push.says("=====> Deployed "), "the second push deploys");
    check(page().says("<h1>The guestbook of everybody</h1>"), "the changed page is served");
  }

  private void breakTheBuild() {
    String before = images();
    edit("web/Dockerfile", "sed -i", "sde -i");
    succeeds(git("commit", "-q", "-a", "-m", "A typo in the Dockerfile"));
    Stage.Result push = git("push", "dev", "master");
    check(push.exitCode() != 0, "git push fails");
    check(push.says(" !     Push rejected: "), "the push says in a sentence why");
    check(push.says("sde: not found"), "the failing line is shown");
    check(page().says("<h1>The guestbook of everybody</h1>"), "the page is served as it was");
    check(before.equals(images()), "no Deployment was touched");
    Stage.Result parent = stage.quietly(scene.repository(), "git", "rev-parse", "HEAD~1");
    check(branch().contains(parent.text().strip()), "the branch has not moved");
  }

  private void lookAtTheEvents() {
    Stage.Result events =
        succeeds(
            kubectl(
                "get",
                "-n",
                NAMESPACE,
                "events",
                "--sort-by=.metadata.creationTimestamp",
                "--field-selector=involvedObject.kind=Remote"));
    check(events.says("PushRejected"), "the rejected push is an event of the Remote");
    Stage.Result remotes = succeeds(kubectl("get", "-n", NAMESPACE, "remote"));
    check(remotes.says("rejected"), "kubectl get remote shows how the last push ended");
  }

  /** Takes the times of pushes that change the page alone, in one pod, and of the same by hand. */
  void race(int rounds) {
    succeeds(git("reset", "-q", "--hard", "dev/master"));
    succeeds(kubectl("scale", "-n", NAMESPACE, "deployment/web", "--replicas=1"));
    var race = new PushRace(stage, scene.repository(), "web", "srv/words.txt", NAMESPACE);
    try {
      stage.print(race.run("whole push", rounds).toString());
      race.phases().forEach(stage::print);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoryFailedException("interrupted");
    }
  }

  private Stage.Result kubectl(String... arguments) {
    return stage.run(scene.folder(), with("kubectl", arguments));
  }

  Stage.Result git(String... arguments) {
    return stage.run(scene.repository(), with("git", arguments));
  }

  /** Runs git with a key that the Remote does not know. */
  Stage.Result gitAsStranger(String... arguments) {
    String ssh = "GIT_SSH_COMMAND=" + scene.sshCommand(scene.strangersKey());
    return stage.run(scene.repository(), with("env", with(ssh, with("git", arguments))));
  }

  /** The branch as the Remote has it. */
  String branch() {
    return succeeds(git("ls-remote", "dev", "master")).text().strip();
  }

  /** Has another pod take the place of gitd's. */
  void replaceGitd() {
    succeeds(
        kubectl(
            "delete", "pod", "-n", NAMESPACE, "-l", "app.kubernetes.io/name=gitd", "--wait=true"));
    succeeds(
        kubectl("rollout", "status", "-n", NAMESPACE, "deployment/dev-gitd", "--timeout=300s"));
    if (toGit != null) {
      toGit.close();
      succeeds(git("remote", "set-url", "dev", gitUrl()));
    }
  }

  /** The address to push to; what the Remote says, unless its Service is reached by another way. */
  private String gitUrl() {
    String url = value("remote", "dev", "{.status.remoteUrl}");
    String knownHosts = value("remote", "dev", "{.status.knownHosts}");
    if (reach == Reach.NODE_PORT) {
      scene.trust(knownHosts);
      return url;
    }
    toGit = forward(value("remote", "dev", "{.status.gitd.service}"), 22);
    Matcher parts = SSH_URL.matcher(url);
    check(parts.matches(), url + " is a URL for git");
    String[] address = toGit.address().split(":", 2);
    scene.trust(
        "[%s]:%s %s"
            .formatted(address[0], address[1], knownHosts.substring(knownHosts.indexOf(' ') + 1)));
    return "ssh://" + parts.group(1) + "@" + toGit.address() + parts.group(2);
  }

  private Reach.Way forward(String service, int port) {
    return Reach.forward(scene.folder(), scene.environment(), NAMESPACE, service, port);
  }

  private Reach.Way toThePage() {
    return switch (reach) {
      case NODE_PORT -> {
        String port = value("service", "web", "{.spec.ports[0].nodePort}");
        String host = URI.create(value("remote", "dev", "{.status.remoteUrl}")).getHost();
        yield new Reach.Way(host + ":" + port, () -> {});
      }
      case PORT_FORWARD -> forward("web", 80);
    };
  }

  Stage.Result page() {
    return succeeds(curl("", "--max-time", "10"));
  }

  private Stage.Result curl(String path, String... options) {
    try (Reach.Way way = toThePage()) {
      List<String> command = new ArrayList<>(List.of("curl", "-sS"));
      command.addAll(List.of(options));
      command.add("http://" + way.address() + "/" + path);
      return stage.run(scene.repository(), command.toArray(String[]::new));
    }
  }

  private String value(String kind, String name, String path) {
    Stage.Result result =
        stage.quietly(
            scene.folder(),
            "kubectl",
            "get",
            "-n",
            NAMESPACE,
            kind,
            name,
            "-o",
            "jsonpath=" + path);
    check(result.exitCode() == 0 && !result.text().isBlank(), kind + " " + name + " has " + path);
    return result.text().strip();
  }

  /** What the two Deployments run. */
  String images() {
    return image("web") + " " + image("api");
  }

  private String image(String deployment) {
    return value("deployment", deployment, "{.spec.template.spec.containers[0].image}");
  }

  void edit(String file, String from, String to) {
    Path path = scene.repository().resolve(file);
    String slash = (from + to).contains("/") ? "|" : "/";
    stage.print("$ sed -i 's" + String.join(slash, "", from, to, "") + "' " + file);
    try {
      String text = Files.readString(path);
      check(text.contains(from), file + " holds " + from);
      Files.writeString(path, text.replace(from, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stage.Result succeeds(Stage.Result result) {
    check(result.exitCode() == 0, "the command succeeds (it ended with " + result.exitCode() + ")");
    return result;
  }

  static void check(boolean happened, String what) {
    if (!happened) {
      throw new StoryFailedException("This did not happen: " + what + ".");
    }
  }

  private static String[] with(String program, String... arguments) {
    var command = new String[arguments.length + 1];
    command[0] = program;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return command;
  }
}
