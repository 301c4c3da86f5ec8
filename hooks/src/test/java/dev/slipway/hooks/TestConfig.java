package dev.slipway.hooks;

import dev.slipway.crd.Hook;
import dev.slipway.crd.Rollout;
import dev.slipway.crd.gitd.BuildSettings;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.LayerSettings;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.PushLimits;
import dev.slipway.crd.gitd.RolloutSettings;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The config of a Remote, of which a test says only what it is about. */
public final class TestConfig {
  private String namespace = "default";
  private String name = "dev";
  private String uid = "8a1f0f86-6c1c-4a07-8d3f-0f3a4c1d2e3b";
  private List<String> branches = List.of("master");
  private @Nullable ImageRegistry registry = ImageRegistry.open("registry.example/team");
  private final List<Target> targets;
  private @Nullable ManifestSettings manifests;
  private List<HookSettings> hooks = List.of();
  private BuildSettings builder =
      new BuildSettings(
          "ghcr.io/osscontainertools/kaniko:v1.28.3",
          "slipway/gitd",
          "http://dev-gitd-context.default.svc:8022",
          "dev-gitd-tokens",
          new ResourceRequirements(),
          900,
          Map.of(),
          List.of(),
          List.of(),
          2,
          new LayerSettings(/* repository= */ null, 336, /* always= */ false),
          /* isolatePush= */ false,
          /* priorityClassName= */ null);
  private List<String> unsupported = List.of();

  private TestConfig(List<Target> targets) {
    this.targets = targets;
  }

  public static TestConfig of(Target... targets) {
    return new TestConfig(List.of(targets));
  }

  /** The config of these targets, with nothing special. */
  public static GitdConfig config(Target... targets) {
    return of(targets).build();
  }

  public TestConfig namespace(String other) {
    namespace = other;
    return this;
  }

  public TestConfig name(String other) {
    name = other;
    return this;
  }

  public TestConfig uid(String other) {
    uid = other;
    return this;
  }

  public TestConfig branches(String... others) {
    branches = List.of(others);
    return this;
  }

  public TestConfig registry(@Nullable ImageRegistry other) {
    registry = other;
    return this;
  }

  public TestConfig manifests(ManifestSettings settings) {
    manifests = settings;
    return this;
  }

  public TestConfig hooks(HookSettings... settings) {
    hooks = List.of(settings);
    return this;
  }

  public TestConfig builder(BuildSettings other) {
    builder = other;
    return this;
  }

  public TestConfig unsupported(String... sentences) {
    unsupported = List.of(sentences);
    return this;
  }

  public GitdConfig build() {
    return new GitdConfig(
        namespace,
        name,
        uid,
        List.of(),
        branches,
        registry,
        targets,
        manifests,
        hooks,
        builder,
        new RolloutSettings(300, Rollout.OnFailure.Restore),
        new PushLimits(512 << 20, 256 << 20, 0),
        unsupported,
        /* frontCa= */ null,
        /* sleepAfterSeconds= */ null);
  }

  /** A hook that runs in the image of a container of deployment/web. */
  public static HookSettings hookInImageOf(
      String container, String name, Hook.When when, String... command) {
    return hook(name, when, null, new Place(Workload.deployment("web"), container), command);
  }

  /** A hook that runs in some image and finds the files of the commit. */
  public static HookSettings hookWithSource(String name, Hook.When when, String... command) {
    return hook(name, when, "alpine:3", null, command);
  }

  private static HookSettings hook(
      String name,
      Hook.When when,
      @Nullable String image,
      @Nullable Place imageFrom,
      String... command) {
    return new HookSettings(
        name,
        when,
        image,
        imageFrom,
        List.of(command),
        List.of(),
        List.of(),
        List.of(),
        /* source= */ image != null,
        60,
        new ResourceRequirements(),
        null,
        /* restricted= */ false,
        List.of());
  }

  /** A container that asks for nothing but its context and its Dockerfile. */
  public static Target.Container container(String name, String path, String dockerfile) {
    return new Target.Container(
        name, path, dockerfile, null, List.of(), List.of(), "", List.of(), false, false, List.of());
  }

  /** One image that is set nowhere, built from a directory of its own name. */
  public static Target buildOnly(String deployment, String name) {
    return new Target(
        Workload.deployment(deployment),
        List.of(
            new Target.Container(
                name,
                name,
                name + "/Dockerfile",
                null,
                List.of(),
                List.of(),
                "",
                List.of(),
                false,
                /* buildOnly= */ true,
                List.of())));
  }

  /** A target whose containers are built from directories of their own names. */
  public static Target target(String deployment, String... containers) {
    List<Target.Container> all = new ArrayList<>();
    for (String container : containers) {
      all.add(container(container, container, container + "/Dockerfile"));
    }
    return new Target(Workload.deployment(deployment), all);
  }
}
