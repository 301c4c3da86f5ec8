package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import dev.slipway.demo.cluster.Kubectl;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Reports how long a line of a build takes from the builder to the terminal of who pushes, and to
 * that of a {@code kubectl logs -f} that follows the same build. {@code make bench}
 */
@Isolated("measures")
@ExtendWith(SharedSlipway.Resolver.class)
class LogLineBench {
  private static final int LINES = 400;
  private static final int LEAST = 200;
  private static final Duration SOON = Duration.ofMinutes(2);

  /** Each line is the time of its writing, on the clock that the readers have, too. */
  private static final Pattern LINE = Pattern.compile("written (\\d+) at (\\d+) (\\d+)$");

  /** At intervals of up to 0.1 s. */
  private static final String PRINT =
      """
      i=0
      while [ $i -lt %d ]; do
        usleep $(( i * 37 %% 101 * 1000 ))
        adjtimex | awk "/tv_sec/ { s = \\$2 } /tv_usec/ { print \\"written $i at\\", s, \\$2 }"
        i=$((i + 1))
      done
      """
          .formatted(LINES);

  @Test
  void printsItsRow(SharedSlipway shared) throws Exception {
    Playground playground = Playground.layOut("log-line", shared);
    Checkout checkout =
        playground
            .checkout()
            .write("print.sh", PRINT)
            .write(
                "Dockerfile",
                """
                FROM busybox:stable
                COPY print.sh /
                RUN sh /print.sh
                CMD ["httpd", "-f", "-p", "8080", "-h", "/"]
                """);
    checkout.commit("prints");
    Latencies byKubectl = new Latencies();
    Thread follower =
        Thread.ofVirtual()
            .start(() -> follow(shared.installation().cluster().kubectl(), playground, byKubectl));
    Latencies byPush = new Latencies();
    assertThat(checkout.push(byPush::read).text()).contains("=====> Deployed ");
    assertThat(follower.join(SOON)).as("kubectl has read the log to its end").isTrue();

    byPush.millis.keySet().retainAll(byKubectl.millis.keySet());
    byKubectl.millis.keySet().retainAll(byPush.millis.keySet());
    assertThat(byPush.millis).as("lines that both have shown").hasSizeGreaterThan(LEAST);
    BenchRow.compared(
            "log line, written in the builder to seen in the terminal",
            "ms",
            List.copyOf(byPush.millis.values()),
            "kubectl logs -f",
            List.copyOf(byKubectl.millis.values()),
            Goal.atMost(1))
        .report();
  }

  /** How old each line was when it was seen. */
  private record Latencies(Map<Integer, Double> millis) {
    Latencies() {
      this(new ConcurrentHashMap<>());
    }

    void read(String line) {
      Instant seen = Instant.now();
      Matcher found = LINE.matcher(line.stripTrailing());
      if (found.find()) {
        Instant written =
            Instant.ofEpochSecond(Long.parseLong(found.group(2)))
                .plus(Long.parseLong(found.group(3)), ChronoUnit.MICROS);
        millis.put(
            Integer.valueOf(found.group(1)), Duration.between(written, seen).toNanos() / 1e6);
      }
    }
  }

  private static void follow(Kubectl kubectl, Playground playground, Latencies latencies) {
    Pod pod =
        await()
            .atMost(SOON)
            .until(() -> builders(playground), running -> !running.isEmpty())
            .getFirst();
    try {
      Process process =
          kubectl.start("logs", "-f", "-n", playground.namespace(), pod.getMetadata().getName());
      try (BufferedReader lines = process.inputReader()) {
        lines.lines().forEach(latencies::read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Pod> builders(Playground playground) {
    return playground
        .client()
        .pods()
        .inNamespace(playground.namespace())
        .withLabel("app.kubernetes.io/name", "build")
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getStatus().getContainerStatuses().stream().anyMatch(LogLineBench::runs))
        .toList();
  }

  private static boolean runs(ContainerStatus container) {
    return container.getState() != null && container.getState().getRunning() != null;
  }
}
