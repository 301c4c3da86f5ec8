package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Reports what gitd takes that has built and deployed a push and then been idle, how long it takes
 * from the start of its process to the line that it is ready, and how long front takes to wake one
 * that sleeps. {@code make bench}
 */
@Isolated("measures")
@ExtendWith(SharedSlipway.Resolver.class)
class FootprintBench {
  private static final String NAMESPACE = "footprint";
  private static final String WAKING = "waking";
  private static final int ROUNDS = 3;
  private static final int IDLE_SECONDS = 10;
  private static final int WAKES = 5;
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Pattern READY =
      Pattern.compile("\"time\":\"([^\"]+)\"[^\n]*\"logger\":\"Serve\",\"message\":\"ready\"");

  @Test
  void idleAfterAPush(SharedSlipway shared) throws Exception {
    Playground playground = Playground.layOut(NAMESPACE, shared);
    Checkout checkout =
        playground
            .checkout()
            .write(
                "Dockerfile",
                """
                FROM busybox:stable
                COPY page/ /srv/
                CMD ["httpd", "-f", "-p", "8080", "-h", "/srv"]
                """);
    List<Double> starts = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    List<Double> anonymous = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      playground.kill().gitd();
      playground.awaitGitd();
      ProcessHandle gitd = gitd(NAMESPACE);
      Instant begin = gitd.info().startInstant().orElseThrow();
      starts.add((double) Duration.between(begin, ready(playground)).toMillis());
      checkout.write("page/index.html", "page " + i).commit("page " + i);
      assertThat(checkout.push(line -> {}).text()).contains("=====> Deployed ");
      TimeUnit.SECONDS.sleep(IDLE_SECONDS);
      resident.add(mebibytes(gitd, "VmRSS"));
      anonymous.add(mebibytes(gitd, "RssAnon"));
    }
    BenchRow.alone("gitd, process start to ready", "ms", starts, Goal.atMost(250)).report();
    BenchRow.alone("gitd's VmRSS, idle after a push", "MiB", resident, Goal.atMost(64)).report();
    BenchRow.alone("RssAnon of it, which it shares with nobody", "MiB", anonymous, Goal.atMost(64))
        .report();
  }

  /** Also prints what a wake-up is made of. */
  @Test
  void wakingUp(SharedSlipway shared) throws Exception {
    Path files = Files.createDirectories(shared.files().resolve("front-of-bench"));
    InstalledFront front = InstalledFront.install(shared.installation(), files);
    Playground playground = Playground.layOut(WAKING, shared);
    playground.patch("{\"spec\": {\"service\": null, \"sleepAfterSeconds\": 1}}");
    Door door = front.door(WAKING + "-dev");
    List<Double> asleep = new ArrayList<>();
    List<Double> awake = new ArrayList<>();
    for (int i = 0; i < WAKES; i++) {
      playground.kubectl(
          "wait", "--for=jsonpath={.spec.replicas}=0", "remote/dev", Playground.PATIENCE);
      playground.kubectl(
          "wait", "--for=delete", "pods", "-l", "app.kubernetes.io/name=gitd", Playground.PATIENCE);
      Instant connected = Instant.now();
      try (Door.Session session = door.knock(playground.key())) {
        assertThat(session.isOpen()).isTrue();
        Instant answered = Instant.now();
        Instant process = gitd(WAKING).info().startInstant().orElseThrow();
        Instant ready = ready(playground);
        System.out.printf(
            "woken: %d ms until the process starts, %d ms until it is ready, %d ms to git's first byte%n",
            Duration.between(connected, process).toMillis(),
            Duration.between(process, ready).toMillis(),
            Duration.between(ready, answered).toMillis());
        asleep.add(Duration.between(connected, answered).toMillis() / 1e3);
        Instant again = Instant.now();
        try (Door.Session second = door.knock(playground.key())) {
          assertThat(second.isOpen()).isTrue();
          awake.add(Duration.between(again, Instant.now()).toMillis() / 1e3);
        }
      }
    }
    BenchRow.alone("git's first byte through front, gitd asleep", "s", asleep, Goal.atMost(2))
        .report();
    BenchRow.alone("the same, gitd awake", "s", awake, Goal.atMost(2)).report();
  }

  /** The only process of a gitd in a namespace, on the node, which is this machine. */
  private static ProcessHandle gitd(String namespace) {
    return await()
        .atMost(SOON)
        .until(
            () -> ProcessHandle.allProcesses().filter(it -> isGitd(it, namespace)).toList(),
            found -> found.size() == 1)
        .getFirst();
  }

  /** {@link ProcessHandle.Info} cuts long command lines off. */
  private static boolean isGitd(ProcessHandle process, String namespace) {
    try {
      List<String> words =
          List.of(
              Files.readString(
                      Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                  .split("\0"));
      return words.getFirst().endsWith("/java")
          && words.contains("serve")
          && words.contains("--namespace=" + namespace);
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static Instant ready(Playground playground) {
    Matcher line = READY.matcher(playground.kubectl("logs", "deployment/dev-gitd"));
    assertThat(line.find()).as("gitd says when it is ready").isTrue();
    return Instant.parse(line.group(1));
  }

  private static double mebibytes(ProcessHandle process, String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
            .filter(line -> line.startsWith(field + ":"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
            .findFirst()
            .orElseThrow()
        / 1024.0;
  }
}
