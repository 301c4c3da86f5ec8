package dev.slipway.demo.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The story that everything serves, told with the real {@code kubectl} and {@code git}: a Remote is
 * created, pushed to, changed, broken; every step is checked before the next one.
 */
final class Story {
  /** The namespace it plays in. */
  static final String NAMESPACE = "guestbook";

  private static final Pattern DIGEST = Pattern.compile("@sha256:[0-9a-f]{64}");

  private final Stage stage;
  private final Scene scene;
  private String page = "";

  Story(Stage stage, Scene scene) {
    this.stage = stage;
    this.scene = scene;
  }

  /**
   * Tells it all.
   *
   * @throws StoryFailedException at the first step that did not really happen
   */
  void tell() {
    createTheRemote();
    firstPush();
    changeThePage();
    breakTheBuild();
    lookAtTheEvents();
  }

  private void createTheRemote() {
    stage.say("An app that waits for its first push: two Deployments that serve an empty folder.");
    succeeds(kubectl("create", "namespace", NAMESPACE));
    succeeds(kubectl("create", "-n", NAMESPACE, "-f", "kubernetes.yaml"));
    stage.say("A Remote: who may push, what is built, where it goes.");
    stage.print(scene.remoteYaml().indent(2).stripTrailing());
    succeeds(kubectl("create", "-f", "remote.yaml"));
    succeeds(
        kubectl("wait", "-n", NAMESPACE, "--for=condition=Ready", "remote/dev", "--timeout=90s"));
    Stage.Result remotes = succeeds(kubectl("get", "-n", NAMESPACE, "remote"));
    check(remotes.says("ssh://guestbook-dev@"), "kubectl get remote shows the URL to push to");
    succeeds(kubectl("get", "-n", NAMESPACE, "deployments"));
    page = "http://127.0.0.1:" + value("service", "web", "{.spec.ports[0].nodePort}") + "/";
    scene.trust(value("remote", "dev", "{.status.knownHosts}"));
  }

  private void firstPush() {
    stage.say("git push deploys.");
    scene.startRepository();
    succeeds(git("init", "-q", "-b", "master"));
    succeeds(git("add", "."));
    succeeds(git("commit", "-q", "-m", "A guestbook"));
    succeeds(git("remote", "add", "dev", value("remote", "dev", "{.status.remoteUrl}")));
    Stage.Result push = succeeds(git("push", "dev", "master"));
    check(push.says("-----> Building 2 images"), "the push says that it builds");
    check(push.says("api: 2 tests passed"), "the output of RUN steps is streamed into the push");
    check(push.says("=====> Deployed "), "the push says that it has deployed");
    check(push.says("master -> master"), "git says that the branch has moved");
    stage.say("Live: the page, filled by the API.");
    check(curl().says("<h1>Guestbook</h1>"), "the page that was pushed is served");
    succeeds(
        stage.run(
            scene.repository(),
            "curl",
            "-sS",
            "-d",
            "text=Hello+from+the+story",
            page + "cgi-bin/sign"));
    check(curl().says("<li>Hello from the story"), "the API keeps what was signed");
    succeeds(kubectl("get", "-n", NAMESPACE, "deployments", "-o", "wide"));
    check(DIGEST.matcher(image("web")).find(), "the image is set by its digest");
  }

  private void changeThePage() {
    stage.say("Change the page, push again.");
    edit("web/Dockerfile", "TITLE=\"Guestbook\"", "TITLE=\"The guestbook of everybody\"");
    succeeds(git("commit", "-q", "-a", "-m", "A friendlier title"));
    Stage.Result push = succeeds(git("push", "dev", "master"));
    check(push.says("=====> Deployed "), "the second push deploys");
    check(curl().says("<h1>The guestbook of everybody</h1>"), "the changed page is served");
  }

  private void breakTheBuild() {
    stage.say("Break the Dockerfile: the push is rejected, and what runs goes on running.");
    String before = image("web") + image("api");
    edit("web/Dockerfile", "sed -i", "sde -i");
    succeeds(git("commit", "-q", "-a", "-m", "A typo in the Dockerfile"));
    Stage.Result push = git("push", "dev", "master");
    check(push.exitCode() != 0, "git push fails");
    check(push.says(" !     Push rejected: "), "the push says in a sentence why");
    check(push.says("sde: not found"), "the failing line is shown");
    check(curl().says("<h1>The guestbook of everybody</h1>"), "the page is served as it was");
    check(before.equals(image("web") + image("api")), "no Deployment was touched");
    Stage.Result branch = succeeds(git("ls-remote", "dev", "master"));
    Stage.Result parent = stage.quietly(scene.repository(), "git", "rev-parse", "HEAD~1");
    check(branch.says(parent.text().strip()), "the branch has not moved");
  }

  private void lookAtTheEvents() {
    stage.say("What the operator sees.");
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

  private Stage.Result kubectl(String... arguments) {
    return stage.run(scene.folder(), with("kubectl", arguments));
  }

  private Stage.Result git(String... arguments) {
    return stage.run(scene.repository(), with("git", arguments));
  }

  private Stage.Result curl() {
    return succeeds(stage.run(scene.repository(), "curl", "-sS", "--max-time", "10", page));
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

  private String image(String deployment) {
    return value("deployment", deployment, "{.spec.template.spec.containers[0].image}");
  }

  private void edit(String file, String from, String to) {
    Path path = scene.repository().resolve(file);
    stage.print("$ sed -i 's/" + from + "/" + to + "/' " + file);
    try {
      String text = Files.readString(path);
      check(text.contains(from), file + " holds " + from);
      Files.writeString(path, text.replace(from, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stage.Result succeeds(Stage.Result result) {
    check(result.exitCode() == 0, "the command succeeds (it ended with " + result.exitCode() + ")");
    return result;
  }

  private static void check(boolean happened, String what) {
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
