package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The one entry of all Remotes, installed as an operator does it who had Gitkube and brings a host
 * key along (docs/from-gitkube.md): exposed by Gitkube's own recipe, pushed through, and shut.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(SharedSlipway.Resolver.class)
class FrontedPushIT {
  private static final int ROUNDS = 5;

  /** Thirty times what is promised: other tests have the machine busy meanwhile. */
  private static final Duration TOLERATED = Duration.ofSeconds(30);

  private static final Duration SOON = Duration.ofMinutes(2);

  private Path files = Path.of("");
  private InstalledFront front;
  private Playground playground;

  @BeforeAll
  void installFront(SharedSlipway shared) throws Exception {
    files = Files.createDirectories(shared.files().resolve("keys-of-front"));
    front = InstalledFront.install(shared.installation(), files);
    playground = Playground.layOut("fronted", shared);
  }

  @Order(1)
  @Test
  void aPushThroughFrontIsDeployedAndNamesItsPusher() {
    Checkout checkout = front.checkout(playground, "fronted-dev");
    checkout
        .write("Dockerfile", RefusedPush.DOCKERFILE)
        .write("page/index.html", "Through front")
        .commit("Through front");

    Stage.Result push = checkout.git("push", "dev", "master");

    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("by ana@example.org (SHA256:", "=====> Deployed ");
    playground.witness().awaitPage("Through front");
    Checkout byLongName = front.checkout(playground, "fronted_dev");
    assertThat(byLongName.remote("refs/heads/master")).isEqualTo(checkout.head());
    Checkout nobody = front.checkout(playground, "fronted-other");
    assertThat(nobody.git("ls-remote", "dev").text()).contains("Permission denied (publickey)");
  }

  /** docs/logs.md, docs/metrics.md. */
  @Order(2)
  @Test
  void aPushLeavesOneLineInTheLogAndTheMetersThatAreDocumented() throws Exception {
    Checkout checkout = front.checkout(playground, "fronted-dev");
    checkout.write("Dockerfile", "FROM busybox:stable\nRUN false\n").commit("No build");

    Stage.Result push = checkout.git("push", "--force", "dev", "master");

    assertThat(push.exitCode()).as(push.text()).isNotZero();
    Matcher told = Pattern.compile("remote: +push ([0-9a-f]{8})").matcher(push.text());
    assertThat(told.find()).as(push.text()).isTrue();
    JsonNode line = awaitLogLine(checkout.head());
    assertThat(line.path("push").asText()).startsWith(told.group(1)).hasSize(32);
    assertThat(line.path("remote").asText()).isEqualTo("fronted/dev");
    assertThat(line.path("outcome").asText()).isEqualTo("rejected");
    assertThat(line.path("reason").asText()).isEqualTo("BuildFailed");
    assertThat(line.path("branch").asText()).isEqualTo("master");
    assertThat(line.path("pusher").asText()).isEqualTo("ana@example.org");
    assertThat(line.path("key").asText()).startsWith("SHA256:");
    assertThat(line.path("seconds").asDouble())
        .isGreaterThanOrEqualTo(line.path("phases").path("build").asDouble())
        .isPositive();
    assertThat(line.path("images").path(0).path("origin").asText()).isEqualTo("failed");

    String id = line.path("push").asText();
    assertThat(playground.kubectl("describe", "remote", "dev"))
        .contains(id, checkout.head(), "Rejected", "ana@example.org SHA256:", "PushRejected")
        .contains("ssh://fronted-dev@127.0.0.1:", "ssh-ed25519 ", "Observed Generation:", "Ready");
    assertThat(
            playground.kubectl("get", "jobs,events", "-l", "gitkube.sh/push=" + id, "-o", "name"))
        .contains("job.batch/", "event/");

    Scrape page = Scrape.documented(SharedSlipway.HOME.resolve("docs/metrics.md"));
    Scrape gitd = scrape("fronted", "app.kubernetes.io/name=gitd");
    Scrape front = scrape(InstalledFront.NAMESPACE, "app.kubernetes.io/name=front");
    assertThat(gitd.and(front)).isEqualTo(page.only("slipway_"));
    Scrape controller = scrape("slipway-system", "app.kubernetes.io/name=controller");
    assertThat(controller.families()).isNotEmpty();
    assertThat(page.families()).containsAllEntriesOf(controller.families());
  }

  /** A push that is over for git has its line a moment later. */
  private JsonNode awaitLogLine(String commit) {
    var json = new ObjectMapper();
    return await()
        .dontCatchUncaughtExceptions()
        .atMost(SOON)
        .until(
            () -> {
              var found = new ArrayList<JsonNode>();
              // The JVM has a line of its own at the start.
              for (String line :
                  playground
                      .kubectl("logs", "deployment/dev-gitd")
                      .lines()
                      .filter(it -> it.startsWith("{"))
                      .toList()) {
                JsonNode read = json.readTree(line);
                if (read.path("message").asText().equals("push")
                    && read.path("commit").asText().equals(commit)) {
                  found.add(read);
                }
              }
              return found;
            },
            found -> found.size() == 1)
        .getFirst();
  }

  private Scrape scrape(String namespace, String label) throws Exception {
    String address =
        playground.kubectlIn(
            namespace,
            "get",
            "pods",
            "-l",
            label,
            "--field-selector=status.phase=Running",
            "-o",
            "jsonpath={.items[0].status.podIP}");
    Process curl =
        new ProcessBuilder("curl", "-sSf", "http://" + address.strip() + ":8080/metrics")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String text = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(curl.waitFor()).as(text).isZero();
    return Scrape.of(text);
  }

  @Order(3)
  @Test
  void remotesShowWhereverTheServiceOfTheRecipeLeads(SharedSlipway shared) {
    Installation slipway = shared.installation();
    playground.patch("{\"spec\": {\"service\": null, \"sleepAfterSeconds\": 0}}");

    awaitUrl("ssh://fronted-dev@127.0.0.1/~/git/fronted-dev");
    slipway.kubectl(
        "patch",
        "service",
        "gitkubed",
        "-n",
        InstalledFront.NAMESPACE,
        "-p",
        "{\"spec\":{\"type\":\"NodePort\"}}");

    awaitUrl(front.url("fronted-dev").toString());
    assertThat(read("remote", "{.items[0].status.knownHosts}")).isEqualTo(front.knownHost());
  }

  private void awaitUrl(String url) {
    playground.kubectl(
        "wait", "--for=jsonpath={.status.remoteUrl}=" + url, "remote/dev", Playground.PATIENCE);
  }

  /** Prints how long it takes: docs/decisions/sleep.md shows what it printed. */
  @Fault(
      during = During.CONNECTING,
      what = "gitd sleeps, scaled to zero",
      leaves = "front wakes it; deploys. A stranger wakes nobody, a revoked key is refused")
  @Order(4)
  @Test
  void anIdleGitdSleepsUntilAPushThroughFrontWakesIt() throws Exception {
    Path ana = playground.key();
    Path bob = files.resolve("bob");
    InstalledFront.makeKey(bob);
    playground.patch("{\"spec\": {\"service\": null}}");
    awaitSleep();
    // On its way to sleep a gitd is not available for a moment.
    playground.awaitRemote("condition=Ready");
    Door door = front.door("fronted-dev");
    try (Door.Session stranger = door.knock(bob)) {
      assertThat(stranger.isOpen()).isFalse();
    }
    assertThat(gitds()).as("a stranger has woken nobody").isBlank();
    authorize(bob);
    try (Door.Session revoked = door.knock(ana)) {
      assertThat(revoked.isOpen()).isFalse();
    }
    authorize(ana);
    // Until front has heard of it.
    door.enter(ana).close();
    awaitSleep();

    Checkout checkout = front.checkout(playground, "fronted-dev");
    checkout
        .write("Dockerfile", RefusedPush.DOCKERFILE)
        .write("page/index.html", "Woken")
        .commit("Woken");
    Stage.Result push = checkout.git("push", "--force", "dev", "master");
    assertThat(push.exitCode()).as(push.text()).isZero();
    playground.witness().awaitPage("Woken");

    var times = new Times();
    for (int round = 0; round < ROUNDS; round++) {
      awaitSleep();
      long start = System.nanoTime();
      try (Door.Session session = door.knock(ana)) {
        assertThat(session.isOpen()).isTrue();
        times.add("from ssh to git's first byte, of a gitd that sleeps", start, System.nanoTime());
      }
    }
    times.print("To a Remote that is idle");
    playground.witness().awaitAllRightsNeeded(InstalledFront.NAMESPACE, "slipway-front");
    playground.patch("{\"spec\": {\"service\": {\"type\": \"NodePort\"}}}");
    playground.kubectl("wait", "--for=condition=Ready", "remote/dev", Playground.PATIENCE);
    assertThat(times.medians()).allSatisfy(it -> assertThat(it).isLessThan(TOLERATED));
  }

  /** Until no pod is left, as after a long time; the next one stays awake until it is used. */
  private void awaitSleep() {
    playground.patch("{\"spec\": {\"sleepAfterSeconds\": 1}}");
    playground.kubectl(
        "wait", "--for=jsonpath={.spec.replicas}=0", "remote/dev", Playground.PATIENCE);
    playground.kubectl(
        "wait", "--for=delete", "pods", "-l", "app.kubernetes.io/name=gitd", Playground.PATIENCE);
    playground.patch("{\"spec\": {\"sleepAfterSeconds\": 600}}");
  }

  /** Prints how long it takes: docs/security.md shows what it printed. */
  @Order(5)
  @Test
  void keysCountAtOnceAndSessionsEndWithThemAtBothDoors() throws Exception {
    Path ana = playground.key();
    Path bob = files.resolve("bob");
    var direct =
        new Door(
            URI.create(read("remote", "{.items[0].status.remoteUrl}")),
            Files.writeString(
                files.resolve("host-of-gitd"), read("remote", "{.items[0].status.knownHosts}")));
    Door door = front.door("fronted-dev");
    String pods = gitds();
    var times = new Times();
    for (int round = 0; round < ROUNDS; round++) {
      authorize(ana, bob);
      long allowed = System.nanoTime();
      try (Door.Session one = direct.enter(bob);
          Door.Session other = door.enter(bob)) {
        times.add("a new key is let in, by gitd and then by front", allowed, System.nanoTime());

        authorize(ana);
        long revoked = System.nanoTime();
        times.add("a session of a revoked key is closed at gitd", revoked, one.end());
        times.add("a session of a revoked key is closed at front", revoked, other.end());
        door.awaitRefusal(bob);
        direct.awaitRefusal(bob);
        times.add(
            "a revoked key is refused, by front and then by gitd", revoked, System.nanoTime());
      }
    }
    assertThat(gitds()).isEqualTo(pods);
    try (Door.Session one = direct.enter(ana);
        Door.Session other = door.enter(ana)) {
      playground.kubectl("delete", "remote", "dev", "--wait=false");
      long deleted = System.nanoTime();
      times.add("a session is closed at gitd when the Remote is deleted", deleted, one.end());
      times.add("a session is closed at front when the Remote is deleted", deleted, other.end());
      door.awaitRefusal(ana);
      direct.awaitRefusal(ana);
      times.add("all are refused when the Remote is deleted", deleted, System.nanoTime());
    }
    times.print("After kubectl has returned");
    assertThat(times.medians()).allSatisfy(it -> assertThat(it).isLessThan(TOLERATED));
  }

  private void authorize(Path... keys) throws IOException {
    var lines = new ArrayList<String>();
    for (Path key : keys) {
      lines.add('"' + Files.readString(Path.of(key + ".pub")).strip() + '"');
    }
    playground.kubectl(
        "patch",
        "remote",
        "dev",
        "--type=merge",
        "-p",
        "{\"spec\":{\"authorizedKeys\":[" + String.join(",", lines) + "]}}");
  }

  /** Which processes serve: none of them is another one because a key has changed. */
  private String gitds() {
    String path = "{.items[*].metadata.uid} {.items[*].status.containerStatuses[0].restartCount}";
    return playground.kubectl(
        "get", "pods", "-l", "app.kubernetes.io/name=gitd", "-o", "jsonpath=" + path);
  }

  private String read(String kind, String path) {
    return playground.kubectl("get", kind, "-o", "jsonpath=" + path).strip();
  }

  /** How long what took, by what it was. */
  private static final class Times {
    private final Map<String, List<Duration>> times = new LinkedHashMap<>();

    void add(String what, long from, long to) {
      times
          .computeIfAbsent(what, _ -> new ArrayList<>())
          .add(Duration.ofNanos(Math.max(0, to - from)));
    }

    List<Duration> medians() {
      return times.values().stream().map(Times::median).toList();
    }

    private static Duration median(List<Duration> all) {
      return all.stream().sorted().toList().get(all.size() / 2);
    }

    void print(String heading) {
      System.out.println(heading + " (median, longest):");
      times.forEach(
          (what, all) ->
              System.out.printf(
                  "%6d ms %6d ms  %s%n",
                  median(all).toMillis(), Collections.max(all).toMillis(), what));
    }
  }
}
