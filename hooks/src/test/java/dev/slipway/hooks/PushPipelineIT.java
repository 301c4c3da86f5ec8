package dev.slipway.hooks;

import static dev.slipway.hooks.TestRepository.config;
import static dev.slipway.hooks.TestRepository.file;
import static dev.slipway.hooks.TestRepository.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.crd.LastPush;
import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.RolloutSettings;
import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.hooks.Push.Pusher;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.context.BuildContexts;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pushes against the embedded API and its controllers, with a kubelet that only plays. */
@Timeout(90)
class PushPipelineIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  private static final String OLD = "registry.example/team/web:old";
  private static final String NEVER_READY = "registry.example/team/web:never-ready";
  private static final PipelineSettings QUICK =
      new PipelineSettings(
          Duration.ofMillis(500),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          2,
          Duration.ofSeconds(6),
          Duration.ofSeconds(10));

  private static FakeKubelet kubelet;

  private final TestRepository git = new TestRepository();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private PushPipeline pipeline;
  private ObjectId head = ObjectId.zeroId();

  @BeforeAll
  static void prepare() throws IOException {
    KubernetesClient client = cluster.client();
    kubelet = new FakeKubelet(client, PushPipelineIT::script);
    cluster
        .cluster()
        .serveLogsFrom(
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
    String uid =
        client
            .resources(Remote.class)
            .inNamespace("default")
            .withName("dev")
            .get()
            .getMetadata()
            .getUid();
    GitdConfig config = withUid(config(target("web", "web")), uid);
    pipeline =
        new PushPipeline(
            () -> config,
            client,
            Clock.systemUTC(),
            new BuildContexts(),
            QUICK,
            new SimpleMeterRegistry());
  }

  @AfterEach
  void remove() {
    KubernetesClient client = cluster.client();
    pipeline.sweep();
    client.apps().deployments().inNamespace("default").delete();
    client.secrets().inNamespace("default").withName("dev-gitd-tokens").delete();
    client.resources(Remote.class).inNamespace("default").delete();
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> client.pods().inNamespace("default").list().getItems().isEmpty());
    git.close();
  }

  @Test
  void deploysAPushAndThenASecondOne() throws IOException {
    Push first = push("good one");
    PushOutcome outcome = pipeline.preReceive(first, lines::add);

    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    assertThat(image()).startsWith("registry.example/team/default-dev-default.web-web:");
    assertThat(image()).matches(".*:[0-9a-f]{40}@sha256:[0-9a-f]{64}");
    assertThat(lines)
        .anyMatch(
            line -> line.matches("-----> dev: [0-9a-f]{7} \"good one\" by ana \\(SHA256:Qm9…\\)"))
        .contains(
            "-----> Building 1 image",
            "       Step: RUN make",
            "-----> Deploying",
            "       deployment/web: rolled out")
        .anyMatch(line -> line.matches("=====> Deployed [0-9a-f]{7} to default in .* s"));
    assertThat(tokens()).isEmpty();
    move(first);
    pipeline.postReceive(first, outcome, true);
    assertThat(lastPush().outcome()).isEqualTo(LastPush.Outcome.Deployed);
    assertThat(lastPush().message()).matches("[0-9a-f]{7} deployed by ana in [0-9.]+ s");
    assertThat(events()).contains(lastPush().message());
    assertThat(lines)
        .anyMatch(
            line ->
                line.matches(
                    " {7}pushed registry\\.example/team/default-dev-default\\.web-web at"
                        + " [0-9a-f]{7} \\([0-9.]+ s\\)"));

    String before = image();
    Push second = push("good two");
    PushOutcome next = pipeline.preReceive(second, lines::add);
    pipeline.postReceive(second, next, true);

    assertThat(next).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    assertThat(image()).isNotEqualTo(before);
  }

  @Test
  void putsBackWhatRanWhenTheRefCannotMove() throws IOException {
    Push push = push("good");
    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);

    pipeline.postReceive(push, outcome, false);

    assertThat(image()).isEqualTo(OLD);
    assertThat(lastPush().outcome()).isEqualTo(LastPush.Outcome.Rejected);
  }

  @Test
  void rejectsABuildThatFailsAndNamesItsStep() throws IOException {
    Push push = push("failing build");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isEqualTo(
            new PushOutcome.Rejected(
                "BuildFailed",
                "web: RUN make ended with exit code 3: oh no: missing header; correct it and push"
                    + " again."));
    assertThat(lines).anyMatch(line -> line.startsWith(" !     Push rejected: web: RUN make"));
    assertThat(image()).isEqualTo(OLD);
    assertThat(tokens()).isEmpty();
    assertThat(lastPush().message()).matches("[0-9a-f]{7} rejected: web: RUN make .*");
    assertThat(events()).contains(lastPush().message());
    assertThat(lines).noneMatch(line -> line.contains("error building image"));
  }

  @Test
  void putsBackWhatRanWhenTheRolloutFails() throws IOException {
    Push push = push("bad image");
    Instant began = Instant.now();

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            PushOutcome.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo("RolloutFailed");
              assertThat(rejected.sentence())
                  .startsWith("deployment/web cannot pull its new image")
                  .endsWith("What ran before runs again.");
            });
    assertThat(lines).noneMatch(line -> line.startsWith("=====>"));
    assertThat(image()).isEqualTo(OLD);
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(30));
    assertThat(deploymentStatus().getAvailableReplicas()).isEqualTo(1);
    assertThat(deploymentStatus().getUpdatedReplicas()).isEqualTo(1);
  }

  @Test
  void waitsForTheRestoreOnlyForAWhile() throws IOException {
    cluster
        .client()
        .apps()
        .deployments()
        .inNamespace("default")
        .withName("web")
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            """
            {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "%s"}]}}}}"""
                .formatted(NEVER_READY));
    Push push = push("bad image");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            PushOutcome.Rejected.class,
            rejected ->
                assertThat(rejected.sentence())
                    .contains("What ran before was put back, but deployment/web was not healthy")
                    .contains("within 6 s"));
    assertThat(lines).contains("-----> Putting back what ran before, waiting at most 6 s for it");
    assertThat(image()).isEqualTo(NEVER_READY);
  }

  @Test
  void leavesNothingWhenTheClientGoesAway() throws Exception {
    Push push = push("slow build");
    FutureTask<PushOutcome> task = new FutureTask<>(() -> pipeline.preReceive(push, lines::add));
    Thread thread = Thread.ofVirtual().start(task);
    await().until(() -> lines.contains("       Step: RUN make"));

    thread.interrupt();

    assertThat(task.get(20, TimeUnit.SECONDS)).isEqualTo(new PushOutcome.Cancelled());
    pipeline.postReceive(push, new PushOutcome.Cancelled(), false);
    assertThat(jobs()).allMatch(job -> job.getMetadata().getDeletionTimestamp() != null);
    assertThat(tokens()).isEmpty();
    assertThat(image()).isEqualTo(OLD);
    Push next = push("good after all");
    PushOutcome outcome = pipeline.preReceive(next, lines::add);
    pipeline.postReceive(next, outcome, true);
    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
  }

  @Test
  void letsOnePushDeployAtATimeAndRejectsTheOneThatWasOvertaken() throws Exception {
    record Line(Instant at, String push, String text) {}
    List<Line> seen = new CopyOnWriteArrayList<>();
    Push first = push("good first");
    Push second = push("good second");
    FutureTask<PushOutcome> firstTask =
        new FutureTask<>(
            () ->
                pipeline.preReceive(
                    first, text -> seen.add(new Line(Instant.now(), "first", text))));
    Thread.ofVirtual().start(firstTask);
    await().until(() -> seen.stream().anyMatch(line -> line.text().contains("Building")));
    FutureTask<PushOutcome> secondTask =
        new FutureTask<>(
            () ->
                pipeline.preReceive(
                    second, text -> seen.add(new Line(Instant.now(), "second", text))));
    Thread.ofVirtual().start(secondTask);

    PushOutcome firstOutcome = firstTask.get(30, TimeUnit.SECONDS);
    assertThat(secondTask.isDone()).isFalse();
    move(first);
    Instant firstEnd = Instant.now();
    pipeline.postReceive(first, firstOutcome, true);
    PushOutcome secondOutcome = secondTask.get(30, TimeUnit.SECONDS);
    pipeline.postReceive(second, secondOutcome, false);

    assertThat(seen)
        .anyMatch(
            line ->
                line.push().equals("second")
                    && line.text().contains("Waiting for the push of")
                    && line.at().isBefore(firstEnd));
    assertThat(secondOutcome)
        .isInstanceOfSatisfying(
            PushOutcome.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo("Outdated"));
    assertThat(seen)
        .filteredOn(line -> line.push().equals("second") && line.text().contains("rejected"))
        .allMatch(line -> !line.at().isBefore(firstEnd));
  }

  private static FakeKubelet.Build script(Pod pod) {
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
        what.startsWith("bad")
            ? "bad".repeat(22).substring(0, 64)
            : (commit + commit).substring(0, 64);
    return new FakeKubelet.Build(List.of(step), 0, "sha256:" + digest, time);
  }

  private static final Map<String, String> MESSAGES =
      new java.util.concurrent.ConcurrentHashMap<>();

  private Push push(String message) throws IOException {
    ObjectId commit =
        git.commit(message, Map.of("web/Dockerfile", file("FROM scratch\nRUN make\n")));
    MESSAGES.put(commit.name(), message);
    return new Push(
        new Pusher("ana", "SHA256:Qm9vvvvvvvvvv"),
        List.of(new RefChange("refs/heads/master", head, commit)),
        git.repository());
  }

  private void move(Push push) throws IOException {
    head = push.changes().getFirst().newId();
    git.moveRef("refs/heads/master", head);
  }

  private static String image() {
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

  private static DeploymentStatus deploymentStatus() {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace("default")
        .withName("web")
        .get()
        .getStatus();
  }

  private static List<String> events() {
    return cluster.client().v1().events().inNamespace("default").list().getItems().stream()
        .filter(event -> "Remote".equals(event.getInvolvedObject().getKind()))
        .map(Event::getMessage)
        .toList();
  }

  private static List<Job> jobs() {
    return cluster.client().batch().v1().jobs().inNamespace("default").list().getItems();
  }

  private static Map<String, String> tokens() {
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

  private static LastPush lastPush() {
    return java.util.Objects.requireNonNull(
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
        config.builder(),
        new RolloutSettings(30, config.rollout().onFailure()),
        config.unsupported());
  }
}
