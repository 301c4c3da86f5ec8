package dev.slipway.hooks.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.gitd.BuildSettings;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Target.BuildArg;
import dev.slipway.crd.gitd.Target.BuildSecret;
import dev.slipway.crd.gitd.Target.Source;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.TestConfig;
import dev.slipway.hooks.context.ContextSource;
import dev.slipway.hooks.plan.ImageBuild;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildJobTest {
  private static final String COMMIT = "7608ddb0f9d3c2a7a2a14c5f0a9b5f7b4f8a1c2d";
  private static final String SHA256 =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  @ParameterizedTest
  @CsvSource({
    "plain,,false",
    "dockerconfigjson,.dockerconfigjson,true",
    "dockercfg,.dockercfg,false"
  })
  void isAsReviewed(String golden, String credentialsKey, boolean insecure) throws IOException {
    ImageRegistry.Credentials credentials =
        credentialsKey == null ? null : new ImageRegistry.Credentials("regcred", credentialsKey);
    GitdConfig config =
        config(
            "dev",
            new ImageRegistry(
                "registry.example/team",
                "registry.example/team",
                credentials,
                null,
                null,
                insecure));

    Job job =
        BuildJob.of(
            config,
            build(
                "web",
                BuildArg.of("MODE", "it's $(HOME) \"quoted\" and $PRICE"),
                BuildArg.of("EMPTY", "")),
            Optional.empty(),
            "k3x9d2m7qa",
            SHA256);

    assertThat(Serialization.asYaml(job)).isEqualTo(golden(golden));
  }

  @Test
  void keepsLayersInTheRepositoryOfTheRemoteUnlessAContainerTakesNone() {
    GitdConfig config = config("dev", ImageRegistry.open("registry.example/team"));
    Optional<LayerCache> layers = LayerCache.of(config);
    Target.Container usual = TestConfig.container("web", ".", "Dockerfile");

    assertThat(kaniko(BuildJob.of(config, build(usual, Map.of()), layers, "k3x9d2m7qa", SHA256)))
        .contains(
            "--cache=true",
            "--cache-repo=registry.example/team/default-dev_cache",
            "--cache-ttl=336h");
    assertThat(kaniko(BuildJob.of(config, build("web"), layers, "k3x9d2m7qa", SHA256)))
        .contains("--cache=false")
        .noneMatch(arg -> arg.startsWith("--cache-"));
  }

  private static List<String> kaniko(Job job) {
    return job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs();
  }

  @ParameterizedTest
  @CsvSource({"ConfigMap", "Secret"})
  void trustsThePrivateCaOfThisRegistryOnly(Source.Kind kind) {
    var ca = new Source(kind, "company", "root.pem");
    GitdConfig config =
        config(
            "dev",
            new ImageRegistry(
                "registry.example/team", "localhost:32000/team", null, null, ca, false));

    PodSpec pod =
        BuildJob.of(config, build("web"), Optional.empty(), "k3x9d2m7qa", SHA256)
            .getSpec()
            .getTemplate()
            .getSpec();

    Container kaniko = pod.getContainers().getFirst();
    assertThat(kaniko.getArgs())
        .contains("--registry-certificate=registry.example=/kaniko/registry-ca/ca.crt")
        .noneMatch(arg -> arg.startsWith("--skip-tls-verify") || arg.contains("localhost"));
    assertThat(kaniko.getVolumeMounts())
        .anyMatch(mount -> mount.getMountPath().equals("/kaniko/registry-ca"));
    assertThat(pod.getVolumes().getLast())
        .isEqualTo(
            switch (kind) {
              case ConfigMap ->
                  new VolumeBuilder()
                      .withName("registry-ca")
                      .withNewConfigMap()
                      .withName("company")
                      .addNewItem("root.pem", null, "ca.crt")
                      .endConfigMap()
                      .build();
              case Secret ->
                  new VolumeBuilder()
                      .withName("registry-ca")
                      .withNewSecret()
                      .withSecretName("company")
                      .withDefaultMode(0444)
                      .addNewItem("root.pem", null, "ca.crt")
                      .endSecret()
                      .build();
            });
  }

  @Test
  void namesSecretsAndNeverHoldsTheirValues() throws IOException {
    Target.Container target =
        new Target.Container(
            "web",
            ".",
            "Dockerfile",
            "prod$uction",
            List.of(
                BuildArg.of("MODE", "fast"),
                BuildArg.from("TOKEN", new Source(Source.Kind.Secret, "npm", "token")),
                BuildArg.from("LEVEL", new Source(Source.Kind.ConfigMap, "levels", "log"))),
            List.of(
                new BuildSecret("npmrc", "npm", ".npmrc"),
                new BuildSecret("pip.conf", "pip", "conf")),
            "",
            List.of(),
            /* noCache= */ false,
            /* buildOnly= */ true,
            List.of());
    Map<String, String> labels = new TreeMap<>();
    labels.put("org.opencontainers.image.revision", COMMIT);
    labels.put("org.opencontainers.image.authors", "Ana $(HOME) <ana@example.org>");

    Job job =
        BuildJob.of(
            config("dev", ImageRegistry.open("registry.example/team")),
            build(target, labels),
            Optional.empty(),
            "k3x9d2m7qa",
            SHA256);

    assertThat(Serialization.asYaml(job)).isEqualTo(golden("inputs"));
  }

  @ParameterizedTest
  @CsvSource({"dev", "my.remote.with.dots", "a-remote-whose-name-is-so-long-that-nothing-fits"})
  void hasANameThatFitsALabel(String remote) {
    GitdConfig config = config(remote, ImageRegistry.open(""));

    Job job =
        BuildJob.of(
            config,
            build("container-with-a-long-name-as-well"),
            Optional.empty(),
            "k3x9d2m7qa",
            SHA256);

    assertThat(job.getMetadata().getName())
        .hasSizeLessThanOrEqualTo(63)
        .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?")
        .endsWith("-7608ddb-k3x9d2m7qa");
  }

  @Test
  void labelsALongRemoteByItsHash() {
    String remote = "r".repeat(80);

    Job job =
        BuildJob.of(
            config(remote, ImageRegistry.open("")), build("web"), Optional.empty(), "id", SHA256);

    assertThat(job.getMetadata().getLabels().get("gitkube.sh/remote"))
        .hasSize(63)
        .startsWith("rrrr");
  }

  @Test
  void anIsolatedPushLeavesTheBuilderNothingOfTheCredentials() {
    var credentials = new ImageRegistry.Credentials("regcred", ".dockerconfigjson");
    GitdConfig config =
        config(
            "dev",
            new ImageRegistry(
                "registry.example", "registry.example", credentials, null, null, true),
            /* isolatePush= */ true);

    PodSpec pod =
        BuildJob.of(config, build("web"), Optional.empty(), "k3x9d2m7qa", SHA256)
            .getSpec()
            .getTemplate()
            .getSpec();

    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getInitContainers())
        .extracting(Container::getName)
        .containsExactly("fetch-context", "kaniko");
    assertThat(pod.getInitContainers())
        .flatExtracting(Container::getVolumeMounts)
        .extracting(VolumeMount::getName)
        .containsOnly("context", "token", "built");
    assertThat(pod.getInitContainers().getLast().getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactly("context", "built");
    assertThat(pod.getInitContainers())
        .flatExtracting(Container::getEnv)
        .extracting(EnvVar::getName)
        .doesNotContain("DOCKER_CONFIG");
    assertThat(pod.getInitContainers().getLast().getArgs())
        .contains("--no-push", "--tar-path=/kaniko/built/image.tar");
    Container push = pod.getContainers().getFirst();
    assertThat(push.getArgs())
        .containsExactly(
            "push-image",
            "--archive=/kaniko/built/image.tar",
            "--image=registry.example/team/default-dev-default.web-web:" + COMMIT,
            "--credentials=/var/run/slipway/credentials/.dockerconfigjson",
            "--insecure");
    assertThat(push.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(push.getResources()).isEqualTo(config.builder().resources());
    assertThat(push.getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactly("built", "registry-secret");
    assertThat(pod.getVolumes())
        .filteredOn(volume -> volume.getSecret() != null)
        .extracting(volume -> volume.getSecret().getSecretName())
        .containsExactly("dev-gitd-tokens", "regcred");
  }

  private static GitdConfig config(String name, ImageRegistry registry) {
    return config(name, registry, /* isolatePush= */ false);
  }

  private static GitdConfig config(String name, ImageRegistry registry, boolean isolatePush) {
    BuildSettings usual = TestConfig.config().builder();
    return TestConfig.of()
        .name(name)
        .registry(registry)
        .builder(
            new BuildSettings(
                usual.image(),
                usual.contextImage(),
                usual.contextUrl(),
                usual.tokenSecret(),
                new ResourceRequirementsBuilder()
                    .addToLimits("memory", Quantity.parse("1Gi"))
                    .build(),
                usual.timeoutSeconds(),
                Map.of("disk", "fast"),
                List.of(new TolerationBuilder().withKey("builds").withOperator("Exists").build()),
                List.of("pull"),
                usual.parallelism(),
                usual.cache(),
                isolatePush,
                "low"))
        .build();
  }

  private static ImageBuild build(String container, BuildArg... args) {
    return build(
        new Target.Container(
            container,
            ".",
            "Dockerfile",
            null,
            List.of(args),
            List.of(),
            "",
            List.of(),
            /* noCache= */ true,
            /* buildOnly= */ false,
            List.of()),
        Map.of());
  }

  private static ImageBuild build(Target.Container target, Map<String, String> labels) {
    return new ImageBuild(
        Workload.deployment("web"),
        target,
        target.name(),
        "registry.example/team/default-dev-default.web-" + target.name() + ":" + COMMIT,
        "localhost:32000/team/default-dev-default.web-" + target.name() + ":" + COMMIT,
        new ContextSource.OfBuild(
            ObjectId.zeroId(), "Dockerfile", ObjectId.zeroId(), null, Instant.EPOCH),
        labels);
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            BuildJobTest.class.getResourceAsStream("/golden/job-" + name + ".yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
