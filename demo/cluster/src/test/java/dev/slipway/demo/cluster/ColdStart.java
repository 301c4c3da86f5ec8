package dev.slipway.demo.cluster;

import dev.slipway.demo.cluster.process.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures how long a cluster takes to be ready in a JVM that has done nothing before. */
final class ColdStart {
  private static final int RUNS = 3;

  private ColdStart() {}

  /** Starts one cluster, with a node if there is an argument, and prints how long that took. */
  public static void main(String[] arguments) {
    List<ClusterPart> parts =
        arguments.length > 0 ? List.of(new NodePart(List.of(), 1)) : List.of();
    long begin = System.nanoTime();
    try (var _ = EmbeddedCluster.startTemporary(parts)) {
      System.out.println((System.nanoTime() - begin) / 1_000_000);
    }
  }

  /** The median of some new JVMs, in milliseconds. */
  static long median(String... arguments) throws Exception {
    var argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ColdStart.class.getName()));
    argv.addAll(List.of(arguments));
    var times = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      times[i] = Long.parseLong(Command.of(argv).runOrFail().lines().toList().getLast());
    }
    Arrays.sort(times);
    return times[RUNS / 2];
  }
}
