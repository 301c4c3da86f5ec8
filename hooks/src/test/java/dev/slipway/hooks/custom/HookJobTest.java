package dev.slipway.hooks.custom;

import static dev.slipway.hooks.TestConfig.config;
import static dev.slipway.hooks.TestConfig.container;
import static dev.slipway.hooks.TestConfig.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Hook.When;
import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Target.BuildArg;
import dev.slipway.crd.gitd.Target.Source;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.Push.Pusher;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.PushId;
import dev.slipway.hooks.context.ContextSource;
import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.plan.PlannedHook;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookJobTest {
  private static final ObjectId COMMIT =
      ObjectId.fromString("7608ddb0f9d3c2a7a2a14c5f0a9b5f7b4f8a1c2d");
  private static final String NAME = "registry.example/team/default-dev-default.web-web:";
  private static final ImageBuild WEB =
      new ImageBuild(
          Workload.deployment("web"),
          container("web", "web", "web/Dockerfile"),
          "web",
          NAME + COMMIT.name(),
          NAME + COMMIT.name(),
          new ContextSource.OfBuild(
              ObjectId.zeroId(), "Dockerfile", ObjectId.zeroId(), null, Instant.EPOCH),
          Map.of());

  @ParameterizedTest
  @ValueSource(strings = {"image-of-the-push", "files-of-the-commit"})
  void isAsReviewed(String golden) throws IOException {
    boolean files = golden.equals("files-of-the-commit");
    HookInputs inputs =
        new HookInputs(
            new PushId("4f2a1b9c00000000a1b2c3d4e5f60718"),
            config(target("web", "web")),
            new RefChange("refs/heads/master", files ? ObjectId.zeroId() : COMMIT, COMMIT),
            new Pusher(files ? "an\u0101" : "ana $(HOME)", "SHA256:Qm9vvvvvvvvvv"),
            files ? Map.of() : Map.of(WEB, WEB.image() + "@sha256:" + "7".repeat(64)));

    PlannedHook planned = files ? withFiles() : inImage();

    assertThat(
            Serialization.asYaml(
                HookJob.of(inputs, planned, "k3x9d2m7qa", files ? "9f86d081" : null)))
        .isEqualTo(golden(golden));
  }

  private static PlannedHook inImage() {
    return new PlannedHook(
        hook(
            null,
            new Place(Workload.deployment("web"), "web"),
            List.of(
                BuildArg.of("TARGET", "$(SLIPWAY_COMMIT)"),
                BuildArg.from("DATABASE_URL", new Source(Source.Kind.Secret, "db", "url"))),
            /* restricted= */ true),
        WEB,
        null);
  }

  private static PlannedHook withFiles() {
    return new PlannedHook(
        hook("alpine:3", null, List.of(), /* restricted= */ false),
        null,
        new ContextSource.OfCommit(ObjectId.zeroId(), Instant.EPOCH));
  }

  private static HookSettings hook(
      @Nullable String image, @Nullable Place imageFrom, List<BuildArg> env, boolean restricted) {
    return new HookSettings(
        "migrate",
        When.BeforeDeploy,
        image,
        imageFrom,
        List.of("./migrate", "it's $(TARGET)"),
        List.of("--verbose"),
        env,
        List.of(),
        /* source= */ image != null,
        60,
        new ResourceRequirementsBuilder().addToLimits("memory", Quantity.parse("64Mi")).build(),
        restricted ? 1000L : null,
        restricted,
        List.of());
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            HookJobTest.class.getResourceAsStream("/golden/hook-" + name + ".yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
