package dev.slipway.hooks;

import static dev.slipway.hooks.TestRepository.config;
import static dev.slipway.hooks.TestRepository.file;
import static dev.slipway.hooks.TestRepository.target;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.crd.LastPush;
import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.RolloutSettings;
import dev.slipway.crd.gitd.Target;
import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.hooks.Push.Pusher;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.kube.Labels;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One Remote with one target on the embedded API and its controllers, with a kubelet that only
 * plays: what a push builds there and how that ends, its commit message says.
 */
@Timeout(90)
abstract class PipelineOnCluster {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  static final String OLD = "registry.example/team/web:old";
  static final String NEVER_READY = "registry.example/team/web:never-ready";
  static final Duration RESTORE_LIMIT = Duration.ofSeconds(6);

  private static FakeKubelet kubelet;

  private final TestRepository git = new TestRepository();
  final List<String> lines = new CopyOnWriteArrayList<>();
  PushPipeline pipeline;
  private ObjectId head = ObjectId.zeroId();

  @BeforeAll
  static void prepare() throws IOException {
    KubernetesClient client = cluster.client();
    kubelet = new FakeKubelet(client, PipelineOnCluster::script);
    cluster
        .cluster()
        .serveLogs(
            FakeKubelet.NODE,
            (request, to) -> {
              for (String line : kubelet.log(request.podUid())) {
                String stamp = request.timestamps() ? "2026-11-21T08:00:00.000000001Z " : "";
                to.write((stamp + line + "\n").getBytes(StandardCharsets.UTF_8));
              }
              to.flush();
            });
    client
        .load(Files.newInputStream(Path.of("../crd/remote.yaml")))
        .items()
        .forEach(item -> client.resource(item).create());
    await()
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(client.resources(Remote.class).inNamespace("default").list())
                    .isNotNull());
  }

  @AfterAll
  static void finish() {
    kubelet.close();
  }

  @BeforeEach
  void create() {
    KubernetesClient client = cluster.client();
    client
        .resource(
            new GenericKubernetesResourceBuilder()
                .withApiVersion("gitkube.sh/v1alpha1")
                .withKind("Remote")
                .withNewMetadata()
                .withName("dev")
                .withNamespace("default")
                .endMetadata()
                .withAdditionalProperties(
                    Map.of("spec", Map.of("authorizedKeys", List.of("ssh-ed25519 AAAA"))))
                .build())
        .create();
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("dev-gitd-tokens")
                .withNamespace("default")
                .endMetadata()
                .build())
        .create();
    client
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("web")
                .withImage(OLD)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
    pipeline = pipeline(target("web", "web"));
  }

  static PushPipeline pipeline(Target... targets) {
    return pipeline(RESTORE_LIMIT, targets);
  }

  static PushPipeline pipeline(Duration restoreLimit, Target... targets) {
    return pipeline(restoreLimit, config(targets));
  }

  static PushPipeline pipeline(Duration restoreLimit, GitdConfig written) {
    String uid =
        cluster
            .client()
            .resources(Remote.class)
            .inNamespace("default")
            .withName("dev")
            .get()
            .getMetadata()
            .getUid();
    GitdConfig config = withUid(written, uid);
    return new PushPipeline(
        () -> config,
        cluster.client(),
        Clock.systemUTC(),
        new BuildContexts(),
        quick(restoreLimit, registryPatience(config)),
        new SimpleMeterRegistry());
  }

  /** Only a registry with credentials is a real one here. */
  private static Duration registryPatience(GitdConfig config) {
    return config.registry() != null && config.registry().credentials() != null
        ? Duration.ofSeconds(30)
        : Duration.ZERO;
  }

  /** The config of one target, with another registry. */
  static GitdConfig withRegistry(ImageRegistry registry) {
    GitdConfig config = config(target("web", "web"));
    return new GitdConfig(
        config.namespace(),
        config.name(),
        config.uid(),
        config.authorizedKeys(),
        config.branches(),
        registry,
        config.targets(),
        config.manifests(),
        config.hooks(),
        config.builder(),
        config.rollout(),
        config.unsupported(),
        config.frontCa());
  }

  private static PipelineSettings quick(Duration restoreLimit, Duration registryPatience) {
    return new PipelineSettings(
        Duration.ofMillis(500),
        Duration.ofSeconds(20),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        2,
        restoreLimit,
        Duration.ofSeconds(10),
        registryPatience);
  }

  @AfterEach
  void remove() {
    KubernetesClient client = cluster.client();
    pipeline.sweep();
    client.apps().deployments().inNamespace("default").delete();
    client.apps().statefulSets().inNamespace("default").delete();
    client.apps().daemonSets().inNamespace("default").delete();
    client.batch().v1().cronjobs().inNamespace("default").delete();
    client.secrets().inNamespace("default").withName("dev-gitd-tokens").delete();
    client.resources(Remote.class).inNamespace("default").delete();
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> client.pods().inNamespace("default").list().getItems().isEmpty());
    git.close();
  }

  /** Which image deployment/web had when a hook began, by the name of the hook. */
  static final Map<String, String> WEB_DURING = new ConcurrentHashMap<>();

  /** Hooks play their command: {@code exit 3}, {@code sleep}, or a line to print. */
  private static FakeKubelet.Build hook(Pod pod) {
    WEB_DURING.computeIfAbsent(
        pod.getMetadata().getLabels().get("app.kubernetes.io/component"), name -> image());
    List<String> command = pod.getSpec().getContainers().getFirst().getCommand();
    int exitCode =
        command.stream()
            .filter(it -> it.startsWith("exit "))
            .map(it -> Integer.parseInt(it.substring("exit ".length())))
            .findFirst()
            .orElse(0);
    return new FakeKubelet.Build(
        command.stream().filter(it -> !it.startsWith("exit ")).toList(),
        exitCode,
        "",
        Duration.ofMillis(command.contains("sleep") ? 60_000 : 500));
  }

  private static FakeKubelet.Build script(Pod pod) {
    if (pod.getMetadata().getLabels().containsKey(Labels.HOOK)) {
      return hook(pod);
    }
    String destination =
        pod.getSpec().getContainers().getFirst().getArgs().stream()
            .filter(arg -> arg.startsWith("--destination="))
            .findFirst()
            .orElseThrow();
    String commit = destination.substring(destination.lastIndexOf(':') + 1);
    String what = MESSAGES.getOrDefault(commit, "good");
    String step = "{\"level\":\"info\",\"msg\":\"RUN make\",\"time\":\"2026-11-21T08:00:00Z\"}";
    Duration time = Duration.ofMillis(what.startsWith("slow") ? 60_000 : 1_000);
    if (what.startsWith("failing")) {
      return new FakeKubelet.Build(
          List.of(
              step,
              "oh no: missing header",
              "error building image: error building stage: failed to execute command: waiting for"
                  + " process to exit: exit status 3",
              "{}"),
          3,
          "",
          time);
    }
    String digest =
        what.equals("bad image")
                || (what.startsWith("bad ")
                    && destination.contains(what.substring("bad ".length())))
            ? "bad".repeat(22).substring(0, 64)
            : (commit + commit).substring(0, 64);
    return new FakeKubelet.Build(List.of(step), 0, "sha256:" + digest, time);
  }

  private static final Map<String, String> MESSAGES = new ConcurrentHashMap<>();

  Push push(String message) throws IOException {
    return push(message, Map.of());
  }

  Push push(String message, Map<String, String> files) throws IOException {
    Map<String, TestRepository.TestFile> all = new HashMap<>();
    all.put("web/Dockerfile", file("FROM scratch\nRUN make\n"));
    files.forEach((path, text) -> all.put(path, file(text)));
    ObjectId commit = git.commit(message, all);
    MESSAGES.put(commit.name(), message);
    return new Push(
        new Pusher("ana", "SHA256:Qm9vvvvvvvvvv"),
        List.of(new RefChange("refs/heads/master", head, commit)),
        git.repository());
  }

  void move(Push push) throws IOException {
    head = push.changes().getFirst().newId();
    git.moveRef("refs/heads/master", head);
  }

  static String image() {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace("default")
        .withName("web")
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getImage();
  }

  static DeploymentStatus deploymentStatus() {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace("default")
        .withName("web")
        .get()
        .getStatus();
  }

  static List<String> events() {
    return cluster.client().v1().events().inNamespace("default").list().getItems().stream()
        .filter(event -> "Remote".equals(event.getInvolvedObject().getKind()))
        .map(Event::getMessage)
        .toList();
  }

  static List<Job> jobs() {
    return cluster.client().batch().v1().jobs().inNamespace("default").list().getItems();
  }

  static Map<String, String> tokens() {
    @Nullable Map<String, String> data =
        cluster
            .client()
            .secrets()
            .inNamespace("default")
            .withName("dev-gitd-tokens")
            .get()
            .getData();
    return data == null ? Map.of() : data;
  }

  static LastPush lastPush() {
    return requireNonNull(
        cluster
            .client()
            .resources(Remote.class)
            .inNamespace("default")
            .withName("dev")
            .get()
            .getStatus()
            .lastPush());
  }

  private static GitdConfig withUid(GitdConfig config, String uid) {
    return new GitdConfig(
        config.namespace(),
        config.name(),
        uid,
        config.authorizedKeys(),
        config.branches(),
        config.registry(),
        config.targets(),
        config.manifests(),
        config.hooks(),
        config.builder(),
        new RolloutSettings(60, config.rollout().onFailure()),
        config.unsupported(),
        config.frontCa());
  }
}
