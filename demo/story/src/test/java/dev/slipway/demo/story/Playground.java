package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.image.Registry;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * All of Slipway on an embedded cluster, with one Deployment {@code web} and one Remote {@code dev}
 * that builds it, whose registry and paths a test may change for a while.
 */
final class Playground {
  static final Duration SOON = Duration.ofMinutes(5);

  /** For kubectl, which then says itself what did not come. */
  static final String PATIENCE = "--timeout=" + SOON.toSeconds() + "s";

  private final String namespace;
  private final Path files;
  private final Installation slipway;
  private final Registry guarded;
  private final Scene scene;
  private final Stage stage;
  private String port = "";
  private int checkouts;

  private Playground(String namespace, Path files, SharedSlipway shared, Scene scene) {
    this.namespace = namespace;
    this.files = files;
    this.slipway = shared.installation();
    this.guarded = shared.guarded();
    this.scene = scene;
    var environment = new HashMap<>(scene.environment());
    // The post-quantum default takes half of a gitd's time, and is tested where gitd is. A pod that
    // is killed says no goodbye, for which ssh by itself waits without end.
    environment.merge(
        "GIT_SSH_COMMAND",
        " -o KexAlgorithms=curve25519-sha256 -o ConnectTimeout=30 -o ServerAliveInterval=30",
        String::concat);
    this.stage = new Stage(System.out, environment);
  }

  /**
   * Lays one out in a namespace of its own, with a Remote that works. The namespace enforces Pod
   * Security {@code baseline}, which builds and gitd therefore meet.
   */
  static Playground layOut(String namespace, SharedSlipway shared) throws IOException {
    Path files = Files.createDirectories(shared.files().resolve(namespace));
    var scene =
        Scene.layOut(
            files.resolve("you"),
            SharedSlipway.HOME.resolve("demo/guestbook"),
            shared.installation().cluster().kubeconfig(),
            shared.installation().registry());
    var playground = new Playground(namespace, files, shared, scene);
    playground.deploy();
    return playground;
  }

  private void deploy() {
    apply(
        """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: %s
          labels: {pod-security.kubernetes.io/enforce: baseline}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          type: NodePort
          selector: {app: web}
          ports: [{port: 80, targetPort: 8080}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: web
                image: busybox:stable
                workingDir: /srv
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
        """
            .formatted(namespace));
    port = value("service", "web", "{.spec.ports[0].nodePort}");
    secret("right", SharedSlipway.PASSWORD);
    secret("wrong", "not-" + SharedSlipway.PASSWORD);
    createRemote();
  }

  /** What a test sees of all this. */
  Witness witness() {
    return new Witness(this);
  }

  /** What a test kills of it. */
  Kills kill() {
    return new Kills(this);
  }

  /** Makes the Remote, anew if it was deleted. */
  void createRemote() {
    apply(remote(working()));
    awaitRemote("condition=Ready");
    scene.trust(value("remote", "dev", "{.status.knownHosts}"));
    String url = value("remote", "dev", "{.status.remoteUrl}");
    // What serves a Service follows pods on its own time.
    soon().until(() -> stage.quietly(files, "git", "ls-remote", url).exitCode() == 0);
  }

  private static ConditionFactory soon() {
    // Awaitility would fail for an exception in any thread, such as one of another test.
    return Awaitility.await().dontCatchUncaughtExceptions().atMost(SOON);
  }

  RemoteSpec working() {
    return RemoteSpec.working(slipway.registry());
  }

  /** Names the registry to the Remote as pods reach it, and as nodes pull from it. */
  void letGitdAskTheRegistry() throws IOException {
    patch(
        "{\"spec\": {\"registry\": {\"url\": \"%s\", \"pullUrl\": \"%s\", \"insecure\": true}}}"
            .formatted(slipway.registryForPods(), slipway.registry()));
  }

  /** Host and port of a registry that wants a password; Secret {@code right} has it. */
  String guardedRegistry() {
    return guarded.host();
  }

  /** Changes the Remote while {@code test} runs. */
  void with(RemoteSpec spec, Runnable test) {
    change(spec);
    try {
      test.run();
    } finally {
      change(working());
    }
  }

  private void change(RemoteSpec spec) {
    apply(remote(spec));
    untilKnown();
  }

  /**
   * Changes the Remote for good.
   *
   * @param good conditions about what it names, of which other watches tell than its own
   */
  void patch(String json, String... good) {
    kubectl("patch", "remote", "dev", "--type=merge", "-p", json);
    untilKnown(good);
  }

  private void untilKnown(String... good) {
    String generation = value("remote", "dev", "{.metadata.generation}");
    awaitRemote("jsonpath={.status.observedGeneration}=" + generation);
    for (String condition : good) {
      awaitRemote("condition=" + condition);
    }
    untilGitdKnows();
  }

  /** The config is published before the status says so; one that sleeps reads it when it wakes. */
  private void untilGitdKnows() {
    soon()
        .ignoreExceptions()
        .until(
            () ->
                value("remote", "dev", "{.spec.replicas}").equals("0")
                    || kubectl("logs", "deployment/dev-gitd")
                        .contains(
                            "\"version\":\"%s\""
                                .formatted(
                                    value(
                                        "secret",
                                        "dev-gitd-config",
                                        "{.metadata.resourceVersion}"))));
  }

  /**
   * Waits until the Remote is as {@code condition} says; when that does not come, tells what there
   * is instead.
   */
  void awaitRemote(String condition) {
    try {
      kubectl("wait", "--for=" + condition, "remote/dev", PATIENCE);
    } catch (StoryFailedException e) {
      throw new StoryFailedException(
          String.join(
              "\n",
              String.valueOf(e.getMessage()),
              kubectl("describe", "remote", "dev"),
              kubectl("get", "deployments,replicasets,pods,events", "-o", "wide"),
              slipway.kubectl(
                  "logs", "-n", "slipway-system", "deployment/slipway-controller", "--tail=100")));
    }
  }

  /** Makes a Secret that builds take something from, and waits until that is known. */
  void giveBuilds(String secret, String key, String value) {
    slipway.kubectl(
        "create",
        "secret",
        "generic",
        secret,
        "-n",
        namespace,
        "--from-literal=" + key + "=" + value);
    awaitRemote("condition=BuildInputsFound");
    untilGitdKnows();
  }

  /** The developer's own git-receive-pack, with nobody yet at its streams. */
  Process receivePack() throws IOException {
    URI url = URI.create(value("remote", "dev", "{.status.remoteUrl}"));
    var argv = new ArrayList<>(List.of(scene.sshCommand().split(" ")));
    argv.addAll(List.of("-p", "" + url.getPort(), url.getUserInfo() + "@" + url.getHost()));
    argv.add("git-receive-pack '" + url.getPath().substring(1) + "'");
    return new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  void awaitGitd() {
    awaitGitd("dev");
  }

  /** Waits until another Remote's gitd is as it should be. */
  void awaitGitd(String remote) {
    kubectl("rollout", "status", "deployment/" + remote + "-gitd", PATIENCE);
  }

  String namespace() {
    return namespace;
  }

  /** Where this Playground keeps its files, beside those of others. */
  Path files() {
    return files;
  }

  /** Where the developer's commands run. */
  Stage stage() {
    return stage;
  }

  Installation installation() {
    return slipway;
  }

  /** Where the app answers. */
  URI page() {
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  /** The key that the Remote was made for; its public half lies beside it. */
  Path key() {
    return scene.folder().resolve("id_ed25519");
  }

  /** The line of the key that may push. */
  String publicKey() {
    return value("remote", "dev", "{.spec.authorizedKeys[0]}");
  }

  /** What the condition says about the rights for manifests. */
  String manifestsAllowed() {
    return value("remote", "dev", "{.status.conditions[?(@.type==\"ManifestsAllowed\")].message}");
  }

  /** Has ServiceAccount {@code deployer} apply manifests, as docs/manifests.md says. */
  void allowManifests() {
    kubectl("create", "serviceaccount", "deployer");
    kubectl(
        "create",
        "rolebinding",
        "deployer",
        "--clusterrole=cluster-admin",
        "--serviceaccount=" + namespace + ":deployer");
    kubectl(
        "create",
        "role",
        "deployer-token",
        "--verb=create",
        "--resource=serviceaccounts/token",
        "--resource-name=deployer");
    kubectl(
        "create",
        "rolebinding",
        "deployer-token",
        "--role=deployer-token",
        "--serviceaccount=" + namespace + ":dev-gitd");
  }

  /** Runs kubectl as administrator in the Playground's namespace. */
  String kubectl(String... arguments) {
    return kubectlIn(namespace, arguments);
  }

  /** Runs kubectl as administrator in another namespace. */
  String kubectlIn(String other, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(1, List.of("-n", other));
    return slipway.kubectl(all.toArray(String[]::new));
  }

  KubernetesClient client() {
    return slipway.cluster().client();
  }

  /** An empty repository whose remote is the Remote. */
  Checkout checkout() {
    return new Checkout(
        stage,
        files.resolve("checkout-" + ++checkouts),
        value("remote", "dev", "{.status.remoteUrl}"));
  }

  /** The same for another Remote, which shows by what it is known. */
  Checkout checkoutOf(String remote) {
    scene.trust(value("remote", remote, "{.status.knownHosts}"));
    return new Checkout(
        stage,
        files.resolve("checkout-" + ++checkouts),
        value("remote", remote, "{.status.remoteUrl}"));
  }

  /**
   * An empty repository whose remote leads through front.
   *
   * @param port where front listens on the node
   * @param user what front knows the Remote by
   * @param hostKey the key that it is known by, one line
   */
  Checkout checkoutThroughFront(String port, String user, String hostKey) {
    scene.trust("[127.0.0.1]:%s %s".formatted(port, hostKey));
    return new Checkout(
        stage,
        files.resolve("checkout-" + ++checkouts),
        "ssh://%1$s@127.0.0.1:%2$s/~/git/%1$s".formatted(user, port));
  }

  /** A shallow clone of a repository that the Remote has never seen. */
  Checkout shallowClone() {
    Checkout foreign = checkout();
    foreign.write("Dockerfile", "FROM busybox:stable\n").commit("One");
    foreign.commit("Two");
    Path folder = files.resolve("checkout-" + ++checkouts);
    Stage.Result clone =
        stage.quietly(
            files,
            "git",
            "clone",
            "-q",
            "--depth=1",
            foreign.folder().toUri().toString(),
            "" + folder);
    assertThat(clone.exitCode()).as(clone.text()).isZero();
    return new Checkout(stage, folder, value("remote", "dev", "{.status.remoteUrl}"));
  }

  private String remote(RemoteSpec spec) {
    try {
      return spec.yaml(Files.readString(Path.of(key() + ".pub")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void secret(String name, String password) {
    slipway.kubectl(
        "create",
        "secret",
        "docker-registry",
        name,
        "-n",
        namespace,
        "--docker-server=" + guarded.host(),
        "--docker-username=" + SharedSlipway.USER,
        "--docker-password=" + password);
  }

  void apply(String yaml) {
    try {
      Path file = Files.createTempFile(files, "apply", ".yaml");
      Files.writeString(file, yaml);
      slipway.kubectl("apply", "-n", namespace, "-f", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String value(String kind, String name, String path) {
    return slipway.kubectl("get", "-n", namespace, kind, name, "-o", "jsonpath=" + path).strip();
  }
}
