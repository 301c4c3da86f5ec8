package dev.slipway.demo.cluster.node.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.demo.cluster.ClusterAddresses;
import dev.slipway.demo.cluster.NodeRequirements;
import dev.slipway.demo.cluster.image.BusyboxImage;
import dev.slipway.demo.cluster.image.ImageReference;
import dev.slipway.demo.cluster.image.ImageStore;
import dev.slipway.demo.cluster.node.net.PodNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningContainerIT {
  @TempDir static Path directory;
  private static ClusterAddresses addresses;
  private static PodNetwork network;
  private static List<Path> layers;

  @BeforeAll
  static void prepare() throws Exception {
    NodeRequirements.assumeMet();
    addresses = ClusterAddresses.claim();
    network = PodNetwork.open(addresses);
    BusyboxImage.addTo(directory);
    layers = new ImageStore(directory).find(ImageReference.parse("busybox")).orElseThrow().layers();
  }

  @AfterAll
  static void cleanUp() {
    if (network != null) {
      network.close();
      Cgroups.remove("/slipway-" + addresses.block());
      addresses.close();
    }
  }

  @Test
  void runsAProgramAsProcessOneInThePodsNetwork() throws Exception {
    try (var sandbox = Sandbox.start()) {
      var address = network.attach(sandbox);
      var run = run(sandbox, OptionalLong.empty(), "sh", "-c", "echo $$; ip addr; id -u; exit 3");

      assertThat(run.exit).isEqualTo(new RunningContainer.Exit(3, false));
      assertThat(run.log).startsWith("1\n").contains(address + "/32").endsWith("\n1000\n");
      network.release(address);
    }
  }

  @Test
  void seesThatMemoryWasTheReason() throws Exception {
    try (var sandbox = Sandbox.start()) {
      var run =
          run(
              sandbox,
              OptionalLong.of(16 << 20),
              "dd",
              "if=/dev/zero",
              "of=/dev/null",
              "bs=100M",
              "count=1");

      assertThat(run.exit).isEqualTo(new RunningContainer.Exit(137, true));
    }
  }

  @Test
  void saysWhyAProgramCannotBeStarted() throws Exception {
    try (var sandbox = Sandbox.start()) {
      assertThatThrownBy(() -> run(sandbox, OptionalLong.empty(), "/no/such/binary"))
          .isInstanceOf(RunningContainer.StartFailed.class)
          .hasMessage(
              "unable to start container process: exec: \"/no/such/binary\": stat /no/such/binary:"
                  + " no such file or directory");
    }
  }

  @Test
  void nothingOutlivesItsSandbox() throws Exception {
    var sandbox = Sandbox.start();
    var address = network.attach(sandbox);
    var seconds = "4711" + ProcessHandle.current().pid();
    var container = start(sandbox, OptionalLong.empty(), "sleep", seconds);
    // Until then the process is still runc's own, which becomes the program.
    Awaitility.await().until(() -> runs(seconds));

    sandbox.close();

    Awaitility.await().until(() -> !runs(seconds));
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(directory.toString());
    container.container.await();
    network.release(address);
  }

  private static boolean runs(String seconds) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .anyMatch(line -> line.endsWith(" " + seconds));
  }

  private record Run(RunningContainer.Exit exit, String log) {}

  private record Started(RunningContainer container, ContainerLog log) {}

  private static Run run(Sandbox sandbox, OptionalLong memory, String... argv) throws Exception {
    var started = start(sandbox, memory, argv);
    var exit = started.container.await();
    started.log.awaitEnd();
    return new Run(exit, started.log.last(100));
  }

  private static Started start(Sandbox sandbox, OptionalLong memory, String... argv)
      throws Exception {
    var id = UUID.randomUUID().toString();
    var bundle = Files.createDirectories(directory.resolve(id));
    var root = Files.createDirectories(bundle.resolve("rootfs"));
    sandbox.run(
        "mount",
        "-t",
        "overlay",
        "-o",
        "lowerdir=%s,upperdir=%s,workdir=%s"
            .formatted(
                layers.getFirst(),
                Files.createDirectory(bundle.resolve("upper")),
                Files.createDirectory(bundle.resolve("work"))),
        "overlay",
        root.toString());
    var spec =
        new ContainerSpec(
            id,
            root,
            List.of(argv),
            List.of("PATH=/bin"),
            "/",
            1000,
            1000,
            List.of(),
            Set.of(),
            true,
            false,
            false,
            NetworkNamespace.POD,
            List.of(),
            memory,
            "/slipway-" + addresses.block() + "/" + id);
    var log = new ContainerLog(bundle.resolve("log"), Clock.systemUTC());
    var states = Files.createDirectories(directory.resolve("runc"));
    return new Started(RunningContainer.start(sandbox, spec, bundle, states, log), log);
  }
}
