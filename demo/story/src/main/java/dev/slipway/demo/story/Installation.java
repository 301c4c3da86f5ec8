package dev.slipway.demo.story;

import dev.slipway.controller.ControllerMain;
import dev.slipway.demo.cluster.EmbeddedCluster;
import dev.slipway.demo.cluster.Kubectl;
import dev.slipway.demo.cluster.NodePart;
import dev.slipway.demo.cluster.image.Registry;
import dev.slipway.demo.cluster.image.SystemImage;
import dev.slipway.gitd.GitdMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * Slipway as an operator installs it, with two files and {@code kubectl apply}, on an embedded
 * cluster with a registry.
 */
final class Installation implements AutoCloseable {
  /** What Java takes in a pod of 512 MiB; of the whole machine's memory it would take more. */
  private static final List<String> HEAP = List.of("-Xms8m", "-Xmx256m");

  /** More for gitd, to be measured with. */
  private static final List<String> TRIED =
      Stream.of(System.getProperty("slipway.gitd.options", "").split(" "))
          .filter(option -> !option.isEmpty())
          .toList();

  /** Where {@code make images} has laid gitd out, which then is started as from its image. */
  private static final Optional<Path> IMAGES =
      Optional.ofNullable(System.getProperty("slipway.images")).map(Path::of);

  /** Keeps a JVM that serves one person small and its start short. */
  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final String ANY_TAG = "(:.*)?";

  private final EmbeddedCluster cluster;
  private final Registry registry;
  private final Instant clusterReady = Instant.now();

  private Installation(EmbeddedCluster cluster, Registry registry) {
    this.cluster = cluster;
    this.registry = registry;
  }

  /**
   * Starts everything and returns when the controller is ready.
   *
   * @param home the root of Slipway's own repository, for the files that an operator installs
   * @param state an existing directory for the cluster's files; the caller removes it
   */
  static Installation start(Path home, Path state) throws IOException, InterruptedException {
    Installation installation = bare(state);
    try {
      installation.install(home);
      return installation;
    } catch (RuntimeException e) {
      installation.close();
      throw e;
    }
  }

  /** Starts the cluster and the registry alone, on whose node Slipway's images are. */
  static Installation bare(Path state) throws IOException, InterruptedException {
    var folder = Files.createDirectories(state.resolve("registry"));
    var registry = new FutureTask<>(() -> Registry.start(folder, Optional.empty()));
    Thread.ofVirtual().name("registry").start(registry);
    try {
      var cluster =
          EmbeddedCluster.start(
              Files.createDirectories(state.resolve("cluster")),
              List.of(new NodePart(List.of(controllerImage(), gitdImage()), 1)));
      try {
        return new Installation(cluster, started(registry));
      } catch (IOException e) {
        cluster.close();
        throw e;
      }
    } catch (RuntimeException e) {
      if (!registry.cancel(true)) {
        started(registry).close();
      }
      throw e;
    }
  }

  private static Registry started(Future<Registry> registry)
      throws IOException, InterruptedException {
    try {
      return registry.get();
    } catch (ExecutionException e) {
      throw new IOException("The registry did not start", e.getCause());
    }
  }

  private void install(Path home) {
    kubectl("apply", "-f", home.resolve("crd/remote.yaml").toString());
    kubectl("apply", "-f", home.resolve("deploy/slipway.yaml").toString());
    kubectl(
        "-n",
        "slipway-system",
        "rollout",
        "status",
        "deployment/slipway-controller",
        "--timeout=300s");
  }

  /** Runs kubectl as administrator, which must succeed. */
  String kubectl(String... arguments) {
    Kubectl.Result result = cluster.kubectl().run(arguments);
    if (result.exitCode() != 0) {
      throw new StoryFailedException(
          "kubectl " + String.join(" ", arguments) + ": " + result.output() + result.errors());
    }
    return result.output();
  }

  EmbeddedCluster cluster() {
    return cluster;
  }

  /** When cluster and registry were ready, and Slipway was yet to be installed. */
  Instant clusterReady() {
    return clusterReady;
  }

  /** Host and port of the registry, as names of images begin; nodes pull from there. */
  String registry() {
    return registry.host();
  }

  /** The same for those in the cluster, who have another loopback. */
  String registryForPods() throws IOException {
    return registry.hostAt(cluster.addresses().host());
  }

  @Override
  public void close() {
    cluster.close();
    registry.close();
  }

  private static SystemImage controllerImage() {
    return image("slipway/controller", ControllerMain.class, "slipway-gitd");
  }

  private static SystemImage gitdImage() {
    String name = "slipway/gitd";
    return IMAGES
        .map(target -> SystemImage.laidOut(name + ANY_TAG, target, plus(HEAP, TRIED)))
        .orElseGet(() -> image(name, GitdMain.class, "slipway-controller"));
  }

  /** An image with a class path like its own: without the jar of the other process. */
  private static SystemImage image(String name, Class<?> main, String without) {
    List<Path> classPath =
        SystemImage.ownClassPath().stream()
            .filter(jar -> !jar.toString().contains(without))
            .toList();
    return SystemImage.java(name + ANY_TAG, main.getName(), classPath, plus(HEAP, SMALL));
  }

  private static List<String> plus(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }
}
