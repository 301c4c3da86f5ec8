package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.model.BuilderDefaults;
import dev.slipway.controller.model.Defaults;
import dev.slipway.controller.model.Images;
import dev.slipway.demo.cluster.EmbeddedCluster;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The controller with exactly the rights of {@code deploy/slipway.yaml} on a cluster without nodes,
 * for all test classes of a run.
 */
record SharedInstallation(EmbeddedCluster cluster, Controller controller) implements AutoCloseable {

  private static SharedInstallation start() {
    EmbeddedCluster cluster = EmbeddedCluster.startTemporary(List.of());
    // As on a cluster that Gitkube has served: the kind is there, and a Remote.
    apply(cluster, "src/test/resources/gitkube.yaml");
    awaitKind(cluster);
    apply(cluster, "src/test/resources/gitkube-remote.yaml");
    apply(cluster, "../crd/remote.yaml");
    awaitKind(cluster);
    apply(cluster, "../deploy/slipway.yaml");
    Controller controller =
        Controller.start(
            new ControllerConfig(
                new Defaults(
                    new Images("slipway/gitd:it", "kaniko:it"),
                    BuilderDefaults.none(),
                    List.of(),
                    30,
                    Optional.empty()),
                0,
                Set.of(),
                Optional.of(
                    FrontSettings.parse("slipway-system/slipway-front", "", "git.example", 1800)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            cluster.clientAs("slipway-system", "slipway-controller"),
            () -> {});
    return new SharedInstallation(cluster, controller);
  }

  /** Starts it for the class that needs it first, and gives it to all the others. */
  static final class Access implements BeforeAllCallback {
    private volatile @Nullable SharedInstallation shared;

    @Override
    public void beforeAll(ExtensionContext context) {
      shared =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(SharedInstallation.class))
              .computeIfAbsent(SharedInstallation.class, key -> start(), SharedInstallation.class);
    }

    SharedInstallation get() {
      SharedInstallation started = shared;
      if (started == null) {
        throw new IllegalStateException("The controller runs only while tests do");
      }
      return started;
    }
  }

  @Override
  public void close() {
    controller.close();
    cluster.close();
  }

  private static void apply(EmbeddedCluster cluster, String file) {
    kubectl(cluster, "apply", "-f", file);
  }

  private static void awaitKind(EmbeddedCluster cluster) {
    kubectl(
        cluster,
        "wait",
        "--for=condition=Established",
        "crd/remotes.gitkube.sh",
        "--timeout=" + InstalledController.SOON.toSeconds() + "s");
  }

  private static void kubectl(EmbeddedCluster cluster, String... args) {
    var result = cluster.kubectl().run(args);
    assertThat(result.exitCode()).as("%s", result).isZero();
  }
}
