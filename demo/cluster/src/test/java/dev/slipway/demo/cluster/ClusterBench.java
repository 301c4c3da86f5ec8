package dev.slipway.demo.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Prints how fast the API is, empty and with many objects and watches; {@code make bench}. */
@Isolated("measures")
class ClusterBench {
  private static final int OBJECTS = 5_000;
  private static final int WATCHES = 200;
  private static final int CALLS = 500;

  private volatile CountDownLatch seen = new CountDownLatch(0);

  @Test
  void printsItsTable(@TempDir Path directory) throws Exception {
    var begin = System.nanoTime();
    try (var cluster = EmbeddedCluster.start(directory, List.of(new NodePart(List.of(), 1)))) {
      row("embedded cluster, ready in a test", "s", List.of((System.nanoTime() - begin) / 1e9));
      var client = cluster.client();
      create(client, "probe");
      measure(client, 1);
      var empty = measure(client, 1);
      row("embedded API, a get", "ms", empty.gets());
      long filling = millis(() -> fill(client));
      var watches = new ArrayList<Watch>();
      for (int i = 0; i < WATCHES; i++) {
        watches.add(client.configMaps().inNamespace("default").withName("probe").watch(watcher()));
      }
      var full = measure(client, WATCHES);
      row("the same, %d objects and %d watches".formatted(OBJECTS, WATCHES), "ms", full.gets());
      watches.forEach(Watch::close);
      System.out.printf(
          """
          %d objects created       %6d ms
          median (99th percentile)      get ms             patch, till every watch has it ms
          empty, 1 watch         %s
          %d objects, %d watches %s
          """,
          OBJECTS, filling, empty, OBJECTS, WATCHES, full);
    }
  }

  private static void row(String what, String unit, List<Double> measured) throws IOException {
    BenchRow.alone(what, unit, measured, BenchRow.Goal.atMost(2)).report();
  }

  private interface Step {
    void run() throws Exception;
  }

  private static long millis(Step step) throws Exception {
    var begin = System.nanoTime();
    step.run();
    return (System.nanoTime() - begin) / 1_000_000;
  }

  /** Milliseconds, sorted. */
  private record Spread(List<Double> gets, List<Double> patches) {
    static Spread of(long[] gets, long[] patches) {
      return new Spread(sorted(gets), sorted(patches));
    }

    private static List<Double> sorted(long[] nanos) {
      return LongStream.of(nanos).sorted().mapToObj(each -> each / 1e6).toList();
    }

    @Override
    public String toString() {
      return "%16s %26s".formatted(middle(gets), middle(patches));
    }

    private static String middle(List<Double> all) {
      return "%.2f (%.2f)".formatted(all.get(all.size() / 2), all.get(all.size() * 99 / 100));
    }
  }

  private Spread measure(KubernetesClient client, int watches) throws Exception {
    var probe = client.configMaps().inNamespace("default").withName("probe");
    var extra = watches == 1 ? probe.watch(watcher()) : null;
    var gets = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      var begin = System.nanoTime();
      assertThat(probe.get()).isNotNull();
      gets[i] = System.nanoTime() - begin;
    }
    var patches = new long[CALLS / 10];
    for (int i = 0; i < patches.length; i++) {
      seen = new CountDownLatch(watches);
      var begin = System.nanoTime();
      probe.patch("{\"data\":{\"at\":\"" + begin + "\"}}");
      assertThat(seen.await(60, TimeUnit.SECONDS)).as("every watch saw it").isTrue();
      patches[i] = System.nanoTime() - begin;
    }
    if (extra != null) {
      extra.close();
    }
    return Spread.of(gets, patches);
  }

  private static void fill(KubernetesClient client) {
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < OBJECTS; i++) {
        var name = "filling-" + i;
        threads.execute(() -> create(client, name));
      }
    }
  }

  private static void create(KubernetesClient client, String name) {
    var object =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withData(Map.of("text", "x".repeat(500)))
            .build();
    client.configMaps().inNamespace("default").resource(object).create();
  }

  private Watcher<ConfigMap> watcher() {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, ConfigMap resource) {
        if (action == Action.MODIFIED) {
          seen.countDown();
        }
      }

      @Override
      public void onClose(WatcherException cause) {}
    };
  }
}
