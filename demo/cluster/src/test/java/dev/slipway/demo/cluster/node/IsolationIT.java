package dev.slipway.demo.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterAddresses;
import dev.slipway.demo.cluster.NodeRequirements;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Clusters side by side leave each other alone, and leave nothing, however they end. */
@Order(1) // takes the longest
class IsolationIT {
  @BeforeAll
  static void requirements() {
    NodeRequirements.assumeMet();
  }

  @Test
  void nothingIsLeftOfAClusterHoweverItEnds() throws Exception {
    try (var killed = OtherCluster.launch();
        var terminated = OtherCluster.launch()) {
      killed.awaitAnswer();
      terminated.awaitAnswer();
      assertThat(killed.block()).isNotEqualTo(terminated.block());
      assertThat(answers(killed)).isTrue();
      assertThat(answers(terminated)).isTrue();

      killed.kill();
      await(() -> running(killed), "after kill -9");
      assertThat(answers(terminated)).isTrue();

      try (var next = OtherCluster.start()) {
        assertThat(left(killed)).isEmpty();
        assertThat(answers(terminated)).isTrue();

        terminated.terminate();
        assertThat(terminated.hasEnded()).isTrue();
        await(() -> running(terminated), "after SIGTERM");
        assertThat(left(terminated)).isEmpty();
        assertThat(answers(next)).isTrue();

        next.interrupt();
        assertThat(next.hasEnded()).isTrue();
        await(() -> running(next), "after Ctrl-C");
        assertThat(left(next)).isEmpty();
      }
    }
  }

  private interface Look {
    List<String> look() throws IOException;
  }

  private static void await(Look look, String when) {
    Awaitility.await(when).untilAsserted(() -> assertThat(look.look()).isEmpty());
  }

  /** What the kernel ends by itself: processes, also dead ones, network devices and mounts. */
  private static List<String> running(OtherCluster cluster) throws IOException {
    var found = new ArrayList<String>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        var line = read(process.resolve("cmdline")).replace('\0', ' ');
        var cgroups = read(process.resolve("cgroup"));
        if (line.contains(cluster.directory().toString()) || cgroups.contains(cluster.podUid())) {
          found.add(line);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    ifNobodyHas(
        cluster.block(),
        () ->
            Stream.of("slipway" + cluster.block(), "sw" + cluster.block() + "p2")
                .filter(device -> Files.exists(Path.of("/sys/class/net", device)))
                .forEach(found::add));
    Files.readAllLines(Path.of("/proc/mounts")).stream()
        .filter(line -> line.contains(cluster.directory().toString()))
        .forEach(found::add);
    return found;
  }

  /** What somebody has to clear away. */
  private static List<Path> left(OtherCluster cluster) throws IOException {
    var found = new ArrayList<Path>();
    ifNobodyHas(
        cluster.block(),
        () ->
            Stream.of("", "memory", "pids", "unified")
                .map(it -> Path.of("/sys/fs/cgroup", it, "slipway-" + cluster.block()))
                .filter(Files::exists)
                .forEach(found::add));
    if (Files.exists(cluster.directory())) {
      found.add(cluster.directory());
    }
    return found;
  }

  /** Another cluster may have taken the number by now: what is named after it is that one's. */
  private static void ifNobodyHas(int block, Runnable look) throws IOException {
    ClusterAddresses.forEachFree(List.of(block), _ -> look.run());
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // it has ended while we looked
    }
  }

  private static boolean answers(OtherCluster cluster) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(cluster.podAddress(), 8080), 60_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
