package dev.slipway.hooks;

import static dev.slipway.hooks.TestConfig.target;
import static dev.slipway.hooks.TestRepository.file;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.LastPush;
import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.demo.cluster.Kubectl;
import dev.slipway.demo.cluster.api.fault.Faults;
import dev.slipway.hooks.Push.Pusher;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.build.BuiltImages;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.report.PushMeters;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One Remote with one target, in a namespace of the test's own on the shared cluster. */
abstract class PipelineOnCluster {
  @RegisterExtension static final SharedCluster.Access shared = new SharedCluster.Access();

  static final String OLD = "registry.example/team/web:old";
  static final String NEVER_READY = "registry.example/team/web:never-ready";

  /** How long a test waits for what has to come: a busy machine is no reason to fail. */
  static final Duration LIMIT = Duration.ofMinutes(2);

  private static final AtomicInteger namespaces = new AtomicInteger();

  final String namespace = "it-" + namespaces.incrementAndGet();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<String> lines = new CopyOnWriteArrayList<>();

  /** Outlives every pipeline of a test, as the volume outlives gitd. */
  @TempDir Path state;

  PushPipeline pipeline;
  final TestRepository git = new TestRepository();
  private ObjectId head = ObjectId.zeroId();

  /** A push that goes on in the background. */
  record Running(FutureTask<PushOutcome> outcome, Thread thread) {
    PushOutcome await() throws Exception {
      return outcome.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @BeforeEach
  void create() {
    client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    // Until then no pod can be made.
    client()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName("default")
        .waitUntilCondition(Objects::nonNull, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    client()
        .resource(
            new GenericKubernetesResourceBuilder()
                .withApiVersion("gitkube.sh/v1alpha1")
                .withKind("Remote")
                .withNewMetadata()
                .withName("dev")
                .withNamespace(namespace)
                .endMetadata()
                .withAdditionalProperties(
                    Map.of("spec", Map.of("authorizedKeys", List.of("ssh-ed25519 AAAA"))))
                .build())
        .create();
    client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("dev-gitd-tokens")
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .create();
    createWorkloads();
    pipeline = pipeline(TestConfig.of(target("web", "web")));
  }

  /** What the push finds there. */
  void createWorkloads() {
    client()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(namespace)
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
  }

  /** Not awaited: no other test looks there. */
  @AfterEach
  void remove() {
    client().namespaces().withName(namespace).delete();
    git.close();
  }

  PushPipeline pipeline(TestConfig config) {
    return pipeline(config, PipelineSettings.defaults().restoreLimit());
  }

  PushPipeline pipeline(TestConfig config, Duration restoreLimit) {
    return pipeline(
        config, shared.get().client(), restoreLimit, PipelineSettings.defaults().apiPatience());
  }

  PushPipeline pipeline(
      TestConfig config, KubernetesClient client, Duration restoreLimit, Duration apiPatience) {
    GitdConfig built = config.namespace(namespace).uid(remote().getMetadata().getUid()).build();
    PipelineSettings usual = PipelineSettings.defaults();
    return new PushPipeline(
        () -> built,
        client,
        Clock.systemUTC(),
        new BuildContexts(),
        built(),
        new PipelineSettings(
            Duration.ofMillis(500),
            usual.startLimit(),
            usual.mountGrace(),
            Duration.ofMillis(200),
            usual.crashLimit(),
            restoreLimit,
            apiPatience,
            registryPatience(built)),
        new PushMeters(meters));
  }

  PushPipeline pipeline(TestConfig config, PipelineSettings settings, Clock clock) {
    GitdConfig built = config.namespace(namespace).uid(remote().getMetadata().getUid()).build();
    return new PushPipeline(
        () -> built,
        shared.get().client(),
        clock,
        new BuildContexts(),
        built(),
        settings,
        new PushMeters(meters));
  }

  private BuiltImages built() {
    return new BuiltImages(state.resolve("built-images"), Clock.systemUTC(), 100);
  }

  /** The registry of most tests does not exist. */
  private static Duration registryPatience(GitdConfig config) {
    return config.registry() != null && config.registry().prefix().startsWith("registry.example/")
        ? Duration.ZERO
        : LIMIT;
  }

  static ConditionFactory await() {
    // Awaitility would fail for an exception in any thread, such as one of another test.
    return Awaitility.await().dontCatchUncaughtExceptions().atMost(LIMIT);
  }

  static KubernetesClient client() {
    return shared.get().embedded().client();
  }

  static Faults faults() {
    return shared.get().embedded().faults();
  }

  /** Runs the real kubectl in the test's namespace, which has to succeed. */
  void kubectl(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "--namespace=" + namespace;
    System.arraycopy(args, 0, all, 1, args.length);
    Kubectl.Result answer = shared.get().embedded().kubectl().run(all);
    assertThat(answer.exitCode()).as("%s", answer).isZero();
  }

  Push push(String message) throws IOException {
    return push(message, Map.of());
  }

  /**
   * A push of a new commit.
   *
   * @param message says how its builds go, see {@link SharedCluster#play}
   */
  Push push(String message, Map<String, String> files) throws IOException {
    Map<String, TestRepository.TestFile> all = new HashMap<>();
    all.put("web/Dockerfile", file("FROM scratch\nRUN make\n"));
    // A commit of its own: other tests play theirs in other ways.
    all.put("namespace", file(namespace));
    files.forEach((path, text) -> all.put(path, file(text)));
    ObjectId commit = git.commit(message, all);
    shared.get().play(commit.name(), message);
    return new Push(
        PushId.random(),
        new Pusher("ana", "SHA256:Qm9vvvvvvvvvv"),
        List.of(new RefChange("refs/heads/master", head, commit)),
        git.repository());
  }

  /** The author of all commits from now on. */
  void authoredBy(String name) {
    git.authoredBy(name);
  }

  void letGo(Push push) {
    shared.get().letGo(push.changes().getFirst().newId().name());
  }

  Running begin(Push push) {
    return begin(push, lines::add);
  }

  Running begin(Push push, Terminal terminal) {
    return begin(pipeline, push, terminal);
  }

  static Running begin(PushPipeline pipeline, Push push, Terminal terminal) {
    FutureTask<PushOutcome> outcome = new FutureTask<>(() -> pipeline.preReceive(push, terminal));
    return new Running(outcome, Thread.ofVirtual().start(outcome));
  }

  void deploys(Push push) throws IOException {
    deployed(push, pipeline.preReceive(push, lines::add));
  }

  void deployed(Push push, PushOutcome outcome) throws IOException {
    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    move(push);
    pipeline.postReceive(push, outcome, true);
  }

  /** Has the client go away as soon as it has seen a line: nothing of the push may be left. */
  void leavesNothingWhenTheClientGoesAwayAfter(String line, Push push) throws Exception {
    Running running = begin(push);
    await().until(() -> lines.contains(line));

    running.thread().interrupt();

    isCancelled(push, running);
  }

  void isCancelled(Push push, Running running) throws Exception {
    assertThat(running.await()).as("%s", lines).isEqualTo(new PushOutcome.Cancelled());
    pipeline.postReceive(push, new PushOutcome.Cancelled(), false);
    assertThat(jobs()).allMatch(job -> job.getMetadata().getDeletionTimestamp() != null);
    assertThat(tokens()).isEmpty();
    assertThat(image()).isEqualTo(OLD);
  }

  void move(Push push) throws IOException {
    head = push.changes().getFirst().newId();
    git.moveRef("refs/heads/master", head);
  }

  Remote remote() {
    return client().resources(Remote.class).inNamespace(namespace).withName("dev").require();
  }

  Deployment deployment(String name) {
    return client().apps().deployments().inNamespace(namespace).withName(name).require();
  }

  PodSpec podSpec(String deployment) {
    return deployment(deployment).getSpec().getTemplate().getSpec();
  }

  /** Of deployment/web. */
  String image() {
    return podSpec("web").getContainers().getFirst().getImage();
  }

  List<String> events() {
    return client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> "Remote".equals(event.getInvolvedObject().getKind()))
        .map(Event::getMessage)
        .toList();
  }

  List<Job> jobs() {
    return client().batch().v1().jobs().inNamespace(namespace).list().getItems();
  }

  Map<String, String> tokens() {
    @Nullable Map<String, String> data =
        client().secrets().inNamespace(namespace).withName("dev-gitd-tokens").require().getData();
    return data == null ? Map.of() : data;
  }

  LastPush lastPush() {
    return requireNonNull(requireNonNull(remote().getStatus()).lastPush());
  }
}
