package dev.slipway.hooks;

import static dev.slipway.hooks.TestConfig.target;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.crd.gitd.BuildSettings;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.LayerSettings;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Target.BuildArg;
import dev.slipway.crd.gitd.Target.BuildSecret;
import dev.slipway.crd.gitd.Target.Source;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.demo.cluster.image.Registry;
import dev.slipway.hooks.context.Checksums;
import dev.slipway.hooks.kube.Labels;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was built of the same before is not built again, and everything else is. */
class ReuseIT extends PipelineOnCluster {
  private static final Registry.Login LOGIN = new Registry.Login("builder", "right-password");
  private static final String TYPE = "application/vnd.docker.distribution.manifest.v2+json";
  private static final HttpClient http = HttpClient.newHttpClient();

  @TempDir static Path files;
  private static Registry registry;

  private String repository;
  private Push firstPush;
  private String first;

  @BeforeAll
  static void startRegistry() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "the registry's sandbox needs root");
    registry = Registry.start(files, Optional.of(LOGIN));
  }

  @AfterAll
  static void stopRegistry() {
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void deployOnce() throws Exception {
    client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("regcred")
                .withNamespace(namespace)
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToStringData(
                    ".dockerconfigjson",
                    "{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\"}}}"
                        .formatted(registry.host(), LOGIN.user(), LOGIN.password()))
                .build())
        .create();
    repository = "team/%1$s-dev-%1$s.web-web".formatted(namespace);
    pipeline = pipeline(config(usual()));
    first = pushed("");
    firstPush = push("first " + first);
    deploys(firstPush);
    assertThat(lines).contains("-----> Building 1 image");
    lines.clear();
  }

  @Test
  void anUnchangedImageIsTaggedAndWhatRunsItGoesOn() throws Exception {
    String running = image();
    List<String> pods = webPods();

    Push push = push("only a message");
    deploys(push);

    assertThat(lines)
        .contains("-----> Nothing to build", "       deployment/web: runs this image already")
        .anyMatch(it -> it.matches(" {7}unchanged since [0-9a-f]{7}, reused in [0-9.]+ s"));
    assertThat(image()).isEqualTo(running).endsWith("@" + first);
    assertThat(webPods()).isEqualTo(pods);
    assertThat(digestOfTag(commit(push))).isEqualTo(first);
    assertThat(jobs()).hasSize(1);
  }

  @Test
  void aRevertAndAPushAfterAFailedRolloutReuseToo() throws Exception {
    String bad = pushed("bad");
    Map<String, String> change = Map.of("web/index.html", "new");
    Push broken = push("second " + bad, change);
    PushOutcome outcome = pipeline.preReceive(broken, lines::add);
    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Rejected.class);
    pipeline.postReceive(broken, outcome, false);
    assertThat(jobs()).hasSize(2);

    Push again = push("the same again", change);
    PushOutcome second = pipeline.preReceive(again, lines::add);
    pipeline.postReceive(again, second, false);
    assertThat(second)
        .isInstanceOfSatisfying(
            PushOutcome.Rejected.class, it -> assertThat(it.reason()).isEqualTo("RolloutFailed"));
    assertThat(jobs()).hasSize(2);

    deploys(push("back"));
    assertThat(jobs()).hasSize(2);
    assertThat(image()).endsWith("@" + first);
  }

  @Test
  void eachIngredientThatChangesIsBuilt() throws Exception {
    Target.Container usual = usual();
    BuildSettings builder = TestConfig.config().builder();
    Source token = new Source(Source.Kind.Secret, "npm", "token");
    Map<String, TestConfig> changes = new LinkedHashMap<>();
    changes.put(
        "an argument", config(with(usual, List.of(BuildArg.of("MODE", "fast")), List.of(), "")));
    changes.put(
        "its value", config(with(usual, List.of(BuildArg.of("MODE", "slow")), List.of(), "")));
    changes.put(
        "an argument of a Secret",
        config(with(usual, List.of(BuildArg.from("MODE", token)), List.of(), "1")));
    changes.put(
        "the version of the Secret",
        config(with(usual, List.of(BuildArg.from("MODE", token)), List.of(), "2")));
    changes.put(
        "a secret file",
        config(with(usual, List.of(), List.of(new BuildSecret("npmrc", "npm", "token")), "2")));
    changes.put(
        "its version",
        config(with(usual, List.of(), List.of(new BuildSecret("npmrc", "npm", "token")), "3")));
    changes.put("the stage", config(built("web", "web/Dockerfile", "small", false)));
    changes.put("the Dockerfile", config(built("web", "web/Dockerfile.dev", null, false)));
    changes.put("the context", config(built("", "web/Dockerfile", null, false)));
    changes.put("the builder", config(usual).builder(with(builder, "kaniko:other", Map.of())));
    changes.put(
        "its nodes",
        config(usual).builder(with(builder, builder.image(), Map.of("kubernetes.io/os", "linux"))));
    changes.put("the taints that it bears", config(usual).builder(tolerant(builder)));

    for (Map.Entry<String, TestConfig> change : changes.entrySet()) {
      pipeline = pipeline(change.getValue());
      builds(change.getKey(), Map.of());
      isReused("after " + change.getKey(), Map.of());
    }
    pipeline = pipeline(config(usual));
    builds("a source file", Map.of("web/index.html", "new"));
    builds("its ignore file", Map.of("web/.dockerignore", "*.md"));
    builds("the Dockerfile's own", Map.of("web/Dockerfile.dockerignore", "*.md"));
    builds("a step", Map.of("web/Dockerfile", "FROM scratch\nRUN make all\n"));
    isReused("nothing", Map.of());
  }

  @Test
  void buildsAlwaysWhenTheRemoteSaysSo() throws Exception {
    pipeline = pipeline(config(built("web", "web/Dockerfile", null, true)));

    builds("nothing", Map.of());
    builds("nothing again", Map.of());
  }

  @Test
  void buildsWhatTheRegistryNoLongerHas() throws Exception {
    assertThat(send(request("manifests/" + first).DELETE()).statusCode()).isEqualTo(202);

    builds("nothing", Map.of());
    isReused("nothing since", Map.of());
  }

  @Test
  void anotherImageUnderTheTagOfTheFirstCommitIsNotTakenForIt() throws Exception {
    String commit = image().replaceFirst(".*:([0-9a-f]{40})@.*", "$1");
    assertThat(put(commit, manifest("other"))).isEqualTo(201);

    Push push = isReused("nothing", Map.of());

    assertThat(image()).endsWith("@" + first);
    assertThat(digestOfTag(commit(push))).isEqualTo(first);
  }

  @Test
  void layersAreKeptWhereTheRegistrySaysThatItTakesThem() throws Exception {
    assertThat(builderArguments(firstPush)).contains("--cache-repo=" + layers(registry.host()));

    LayerSettings elsewhere = new LayerSettings("127.0.0.1:1/layers", 24, /* always= */ false);
    pipeline = pipeline(config(usual()).builder(keeping(elsewhere)));
    Push one = push("nowhere " + pushed("nowhere"), Map.of("web/one", ""));
    deploys(one);
    assertThat(builderArguments(one)).noneMatch(it -> it.startsWith("--cache"));

    LayerSettings always = new LayerSettings("127.0.0.1:1/layers", 24, /* always= */ true);
    pipeline = pipeline(config(usual()).builder(keeping(always)));
    Push two = push("told so " + pushed("told so"), Map.of("web/two", ""));
    deploys(two);
    assertThat(builderArguments(two))
        .contains("--cache=true", "--cache-repo=127.0.0.1:1/layers", "--cache-ttl=24h");
  }

  private String layers(String host) {
    return host + "/team/%s-dev_cache".formatted(namespace);
  }

  private static BuildSettings keeping(LayerSettings layers) {
    return with(
        TestConfig.config().builder(), TestConfig.config().builder().image(), Map.of(), layers);
  }

  private List<String> builderArguments(Push push) {
    Job build =
        jobs().stream()
            .filter(job -> push.id().value().equals(job.getMetadata().getLabels().get(Labels.PUSH)))
            .findFirst()
            .orElseThrow();
    return build.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs();
  }

  @Test
  void buildsWhereTheRegistryDoesNotAnswer() throws Exception {
    Registry other =
        Registry.start(Files.createDirectory(files.resolve("other")), Optional.empty());
    Set<String> before = jobNames();
    try {
      pipeline = pipeline(TestConfig.of(target("web", "web")).registry(open(other)));
      deploys(push("nothing " + first));
    } finally {
      other.close();
    }

    deploys(push("nothing again " + first));

    assertThat(jobsSince(before)).hasSize(2);
  }

  private List<String> webPods() {
    return client().pods().inNamespace(namespace).withLabel("app", "web").list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private void builds(String what, Map<String, String> change) throws Exception {
    Set<String> before = jobNames();
    deploys(push("%s %s".formatted(what, pushed(what)), change));
    assertThat(jobsSince(before)).as(what).hasSize(1);
  }

  private Push isReused(String what, Map<String, String> change) throws Exception {
    Set<String> before = jobNames();
    Push push = push(what, change);
    deploys(push);
    assertThat(jobsSince(before)).as(what).isEmpty();
    return push;
  }

  private Set<String> jobNames() {
    return jobs().stream().map(job -> job.getMetadata().getName()).collect(Collectors.toSet());
  }

  /** Another pipeline deletes the Jobs of the one before. */
  private Set<String> jobsSince(Set<String> before) {
    Set<String> since = jobNames();
    since.removeAll(before);
    return since;
  }

  @Override
  Push push(String message, Map<String, String> change) throws IOException {
    Map<String, String> all = new HashMap<>(change);
    all.put("web/Dockerfile.dev", "FROM scratch\nRUN make dev\n");
    return super.push(message, all);
  }

  private static TestConfig config(Target.Container container) {
    return TestConfig.of(new Target(Workload.deployment("web"), List.of(container)))
        .registry(
            new ImageRegistry(
                registry.host() + "/team",
                registry.host() + "/team",
                new ImageRegistry.Credentials("regcred", ".dockerconfigjson"),
                null,
                null,
                false));
  }

  private static ImageRegistry open(Registry registry) {
    return ImageRegistry.open(registry.host() + "/team");
  }

  private static Target.Container usual() {
    return TestConfig.container("web", "web", "web/Dockerfile");
  }

  private static Target.Container with(
      Target.Container usual, List<BuildArg> args, List<BuildSecret> secrets, String version) {
    return new Target.Container(
        usual.name(),
        usual.path(),
        usual.dockerfile(),
        usual.stage(),
        args,
        secrets,
        version,
        usual.missing(),
        usual.noCache(),
        usual.buildOnly(),
        usual.alsoOn());
  }

  private static Target.Container built(
      String path, String dockerfile, @Nullable String stage, boolean noCache) {
    return new Target.Container(
        "web",
        path,
        dockerfile,
        stage,
        List.of(),
        List.of(),
        "",
        List.of(),
        noCache,
        /* buildOnly= */ false,
        List.of());
  }

  private static BuildSettings with(
      BuildSettings builder, String image, Map<String, String> nodeSelector) {
    return with(builder, image, nodeSelector, builder.cache());
  }

  private static BuildSettings with(
      BuildSettings builder,
      String image,
      Map<String, String> nodeSelector,
      @Nullable LayerSettings layers) {
    return new BuildSettings(
        image,
        builder.contextImage(),
        builder.contextUrl(),
        builder.tokenSecret(),
        builder.resources(),
        builder.timeoutSeconds(),
        nodeSelector,
        builder.tolerations(),
        builder.pullSecrets(),
        builder.parallelism(),
        layers,
        builder.isolatePush(),
        builder.priorityClassName());
  }

  private static BuildSettings tolerant(BuildSettings builder) {
    return new BuildSettings(
        builder.image(),
        builder.contextImage(),
        builder.contextUrl(),
        builder.tokenSecret(),
        builder.resources(),
        builder.timeoutSeconds(),
        builder.nodeSelector(),
        List.of(new TolerationBuilder().withKey("arm").withOperator("Exists").build()),
        builder.pullSecrets(),
        builder.parallelism(),
        builder.cache(),
        builder.isolatePush(),
        builder.priorityClassName());
  }

  private static String commit(Push push) {
    return push.changes().getFirst().newId().name();
  }

  /**
   * Puts an image into the registry, as a builder would.
   *
   * @param mark in it, and where it is "bad" at the beginning of its digest
   * @return its digest
   */
  private String pushed(String mark) throws Exception {
    byte[] config = "{}".getBytes(UTF_8);
    String upload =
        send(request("blobs/uploads/").POST(BodyPublishers.noBody()))
            .headers()
            .firstValue("Location")
            .orElseThrow();
    URI whole = URI.create(upload + "&digest=" + digest(config));
    assertThat(send(authorized(whole).PUT(BodyPublishers.ofByteArray(config))).statusCode())
        .isEqualTo(201);
    byte[] manifest = manifest(mark);
    assertThat(put(digest(manifest), manifest)).isEqualTo(201);
    return digest(manifest);
  }

  private static byte[] manifest(String mark) {
    byte[] config = "{}".getBytes(UTF_8);
    for (int i = 0; ; i++) {
      byte[] manifest =
          """
          {"schemaVersion": 2, "mediaType": "%s", "config": {"size": %d, "digest": "%s",
           "mediaType": "application/vnd.docker.container.image.v1+json"}, "layers": [],
           "mark": "%s %d"}
          """
              .formatted(TYPE, config.length, digest(config), mark, i)
              .getBytes(UTF_8);
      if (mark.equals("bad") == digest(manifest).startsWith("sha256:bad")) {
        return manifest;
      }
    }
  }

  private int put(String reference, byte[] manifest) throws Exception {
    return send(request("manifests/" + reference)
            .header("Content-Type", TYPE)
            .PUT(BodyPublishers.ofByteArray(manifest)))
        .statusCode();
  }

  private String digestOfTag(String tag) throws Exception {
    return send(request("manifests/" + tag).header("Accept", TYPE).HEAD())
        .headers()
        .firstValue("Docker-Content-Digest")
        .orElse("none");
  }

  private HttpRequest.Builder request(String path) {
    return authorized(
        URI.create("http://%s/v2/%s/%s".formatted(registry.host(), repository, path)));
  }

  private static HttpRequest.Builder authorized(URI uri) {
    String login = LOGIN.user() + ":" + LOGIN.password();
    return HttpRequest.newBuilder(uri)
        .header(
            "Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String digest(byte[] content) {
    return "sha256:" + HexFormat.of().formatHex(Checksums.sha256().digest(content));
  }
}
