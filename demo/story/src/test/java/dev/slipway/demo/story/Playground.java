package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.image.Registry;
import dev.slipway.demo.cluster.real.RealApi;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * All of Slipway on an embedded cluster, with one Deployment {@code web} and one Remote {@code dev}
 * that builds it, whose registry and paths a test may change for a while.
 */
final class Playground {
  private static final Duration SOON = Duration.ofMinutes(5);

  /** For kubectl, which then says itself what did not come. */
  static final String PATIENCE = "--timeout=" + SOON.toSeconds() + "s";

  private final HttpClient http = HttpClient.newHttpClient();
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
    // The post-quantum default takes half of a gitd's time, and is tested where gitd is.
    environment.merge("GIT_SSH_COMMAND", " -o KexAlgorithms=curve25519-sha256", String::concat);
    this.stage = new Stage(System.out, environment);
  }

  /** How the Remote differs from one that works. */
  record Spec(
      String registry,
      String credentials,
      String deployment,
      String container,
      String build,
      String memory,
      int rolloutSeconds) {
    Spec withBuild(String changed) {
      return new Spec(
          registry, credentials, deployment, container, changed, memory, rolloutSeconds);
    }

    Spec withDeployment(String changed) {
      return new Spec(registry, credentials, changed, container, build, memory, rolloutSeconds);
    }

    Spec withContainer(String changed) {
      return new Spec(registry, credentials, deployment, changed, build, memory, rolloutSeconds);
    }

    Spec withMemory(String changed) {
      return new Spec(registry, credentials, deployment, container, build, changed, rolloutSeconds);
    }

    Spec withRolloutSeconds(int changed) {
      return new Spec(registry, credentials, deployment, container, build, memory, changed);
    }

    Spec withRegistry(String changed, String secret) {
      return new Spec(changed, secret, deployment, container, build, memory, rolloutSeconds);
    }
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

  /** Makes the Remote, anew if it was deleted. */
  void createRemote() {
    apply(remote(working()));
    awaitRemote("condition=Ready");
    scene.trust(value("remote", "dev", "{.status.knownHosts}"));
  }

  Spec working() {
    return new Spec(slipway.registry(), "", "web", "web", "path: .", "1Gi", 120);
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
  void with(Spec spec, Runnable test) {
    change(spec);
    try {
      test.run();
    } finally {
      change(working());
    }
  }

  private void change(Spec spec) {
    apply(remote(spec));
    untilKnown();
  }

  /** Changes the Remote for good. */
  void patch(String json) {
    kubectl("patch", "remote", "dev", "--type=merge", "-p", json);
    untilKnown();
  }

  private void untilKnown() {
    String generation = value("remote", "dev", "{.metadata.generation}");
    // The config is published before the status says so, and gitd's watch is quicker than ssh.
    awaitRemote("jsonpath={.status.observedGeneration}=" + generation);
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

  /** What must not change when a push is rejected: pod template and page. */
  String state() {
    return web().getSpec().getTemplate() + page();
  }

  /**
   * Waits until the app is again as it was and nothing builds: what serves a Service follows pods,
   * and pods that are deleted end, on their own time.
   */
  void awaitState(String before) {
    await()
        .dontCatchUncaughtExceptions()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(state()).isEqualTo(before);
              assertThat(runningBuilds()).isEmpty();
            });
  }

  /** Waits until the app answers this. */
  void awaitPage(String text) {
    await()
        .dontCatchUncaughtExceptions()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(page()).isEqualTo(text));
  }

  private String page() {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
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
  }

  /** All that anybody sees who may read everything but Secrets, and what gitd is told. */
  String whatCanBeRead() {
    return slipway.kubectl(
            "get",
            "-n",
            namespace,
            "remotes,deployments,replicasets,jobs,pods,configmaps,events",
            "-o",
            "yaml")
        + slipway.kubectl("logs", "-n", namespace, "deployment/dev-gitd")
        + slipway.kubectl("logs", "-n", "slipway-system", "deployment/slipway-controller")
        + slipway.kubectl(
            "logs",
            "-n",
            namespace,
            "-l",
            "app.kubernetes.io/name=build",
            "--all-containers",
            "--tail=-1")
        + new String(
            Base64.getDecoder().decode(value("secret", "dev-gitd-config", "{.data.config\\.json}")),
            StandardCharsets.UTF_8);
  }

  /** Kills a container of the pod with a label, as {@code kill -9} on the node would. */
  void kill(String of, String label, String container) {
    try {
      slipway.cluster().faults().containers().kill(of, podWith(of, label), container);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Kills gitd, and has a new pod take over at once: the kubelet would wait longer each time before
   * it starts the same one again.
   */
  void killGitd() {
    String label = "app.kubernetes.io/name=gitd";
    kill(namespace, label, "gitd");
    slipway.kubectl(
        "delete", "pod", "-n", namespace, podWith(namespace, label), "--force", "--grace-period=0");
  }

  /** Kills a container that a pod with a label starts with, as soon as it runs. */
  void killAsSoonAsItRuns(String label, String container) {
    String path =
        "jsonpath={.items[*].status.initContainerStatuses[?(@.name==\"%s\")].state.running}"
            .formatted(container);
    await()
        .dontCatchUncaughtExceptions()
        .atMost(SOON)
        .until(() -> !kubectl("get", "pods", "-l", label, "-o", path).isBlank());
    String pod =
        kubectl("get", "pods", "-l", label, "-o", "jsonpath={.items[0].metadata.name}").strip();
    try {
      slipway.cluster().faults().containers().kill(namespace, pod, container);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the builder says, shown to the pusher or not. */
  String buildLog() {
    return kubectl("logs", "-l", "app.kubernetes.io/name=build", "-c", "kaniko", "--tail=-1");
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
    slipway.kubectl("rollout", "status", "-n", namespace, "deployment/dev-gitd", PATIENCE);
  }

  private String podWith(String of, String label) {
    return slipway
        .kubectl(
            "get",
            "pods",
            "-n",
            of,
            "-l",
            label,
            "--field-selector=status.phase=Running",
            "-o",
            "jsonpath={.items[0].metadata.name}")
        .strip();
  }

  /** What a push leaves in the cluster while it builds: Jobs, and tokens for their contexts. */
  List<String> leftovers() {
    var names = new ArrayList<String>();
    client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .list()
        .getItems()
        .forEach(job -> names.add("job " + job.getMetadata().getName()));
    Secret tokens = client().secrets().inNamespace(namespace).withName("dev-gitd-tokens").require();
    if (tokens.getData() != null) {
      tokens.getData().keySet().forEach(build -> names.add("token " + build));
    }
    return names;
  }

  /** The repository on the node's disk. */
  Path repository() {
    String claim = value("persistentvolumeclaim", "dev-gitd", "{.metadata.uid}");
    try (Stream<Path> found =
        Files.find(
            files.getParent(),
            12,
            (path, attributes) -> path.endsWith(Path.of(claim, "repository")))) {
      return found.findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until every right of an account was needed by some request: what is noted when a push has
   * been answered comes a moment later. A real API server keeps no account of it.
   *
   * @param but rights that no test needs
   */
  void awaitAllRightsNeeded(String of, String account, String... but) {
    if (!RealApi.isWanted()) {
      await()
          .dontCatchUncaughtExceptions()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(slipway.cluster().usedRights().unneeded(of, account)).isSubsetOf(but));
    }
  }

  String namespace() {
    return namespace;
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

  /** The pods of builds that still run. */
  private List<String> runningBuilds() {
    return client()
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/name", "build")
        .withField("status.phase", "Running")
        .list()
        .getItems()
        .stream()
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private Deployment web() {
    return client().apps().deployments().inNamespace(namespace).withName("web").require();
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

  private String remote(Spec spec) {
    String credentials =
        spec.credentials().isEmpty()
            ? ""
            : "\n    credentials: {secretRef: %s}".formatted(spec.credentials());
    String key;
    try {
      key = Files.readString(Path.of(key() + ".pub")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return """
    apiVersion: gitkube.sh/v1alpha1
    kind: Remote
    metadata: {name: dev}
    spec:
      authorizedKeys: ["%s"]
      registry:
        url: %s%s
      service: {type: NodePort}
      rollout: {timeoutSeconds: %d}
      builder: {resources: {limits: {memory: %s}}}
      deployments:
      - name: %s
        containers:
        - name: %s
          %s
    """
        .formatted(
            key,
            spec.registry(),
            credentials,
            spec.rolloutSeconds(),
            spec.memory(),
            spec.deployment(),
            spec.container(),
            spec.build().replace("\n", "\n      "));
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
