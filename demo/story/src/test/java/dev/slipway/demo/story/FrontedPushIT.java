package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The one entry of all Remotes, installed as an operator does it who brings a host key along
 * (docs/from-gitkube.md): pushed through, and shut.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(SharedSlipway.Resolver.class)
class FrontedPushIT {
  private static final int ROUNDS = 5;

  /** Thirty times what is promised: other tests have the machine busy meanwhile. */
  private static final Duration TOLERATED = Duration.ofSeconds(30);

  private Path files = Path.of("");
  private String hostKey = "";
  private Playground playground;

  @BeforeAll
  void installFront(SharedSlipway shared) throws Exception {
    files = Files.createDirectories(shared.files().resolve("keys-of-front"));
    hostKey = bringKeys(shared.installation(), files);
    haveGitdsTrustFront(shared.installation());
    playground = Playground.layOut("fronted", shared);
  }

  @Order(1)
  @Test
  void aPushThroughFrontIsDeployedAndNamesItsPusher() {
    Checkout checkout = playground.checkoutThroughFront("fronted-dev", hostKey);
    checkout
        .write("Dockerfile", RefusedPush.DOCKERFILE)
        .write("page/index.html", "Through front")
        .commit("Through front");

    Stage.Result push = checkout.git("push", "dev", "master");

    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("by ana@example.org (SHA256:", "=====> Deployed ");
    playground.awaitPage("Through front");
    Checkout byLongName = playground.checkoutThroughFront("fronted_dev", hostKey);
    assertThat(byLongName.remote("refs/heads/master")).isEqualTo(checkout.head());
    Checkout nobody = playground.checkoutThroughFront("fronted-other", hostKey);
    assertThat(nobody.git("ls-remote", "dev").text()).contains("Permission denied (publickey)");
    playground.awaitAllRightsNeeded("slipway-system", "slipway-front");
  }

  /** Prints how long it takes: docs/security.md shows what it printed. */
  @Order(2)
  @Test
  void keysCountAtOnceAndSessionsEndWithThemAtBothDoors() throws Exception {
    Path ana = playground.key();
    Path bob = files.resolve("bob");
    makeKey(bob);
    var direct =
        new Door(
            URI.create(read("remote", "{.items[0].status.remoteUrl}")),
            Files.writeString(
                files.resolve("host-of-gitd"), read("remote", "{.items[0].status.knownHosts}")));
    URI url = playground.checkoutThroughFront("fronted-dev", hostKey).url();
    var front =
        new Door(
            url,
            Files.writeString(
                files.resolve("host-of-front"), "[127.0.0.1]:" + url.getPort() + " " + hostKey));
    String pods = gitds();
    var times = new Times();
    for (int round = 0; round < ROUNDS; round++) {
      authorize(ana, bob);
      long allowed = System.nanoTime();
      try (Door.Session one = direct.enter(bob);
          Door.Session other = front.enter(bob)) {
        times.add("a new key is let in, by gitd and then by front", allowed, System.nanoTime());

        authorize(ana);
        long revoked = System.nanoTime();
        times.add("a session of a revoked key is closed at gitd", revoked, one.end());
        times.add("a session of a revoked key is closed at front", revoked, other.end());
        front.awaitRefusal(bob);
        direct.awaitRefusal(bob);
        times.add(
            "a revoked key is refused, by front and then by gitd", revoked, System.nanoTime());
      }
    }
    assertThat(gitds()).isEqualTo(pods);
    try (Door.Session one = direct.enter(ana);
        Door.Session other = front.enter(ana)) {
      playground.kubectl("delete", "remote", "dev", "--wait=false");
      long deleted = System.nanoTime();
      times.add("a session is closed at gitd when the Remote is deleted", deleted, one.end());
      times.add("a session is closed at front when the Remote is deleted", deleted, other.end());
      front.awaitRefusal(ana);
      direct.awaitRefusal(ana);
      times.add("all are refused when the Remote is deleted", deleted, System.nanoTime());
    }
    times.print();
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

    void print() {
      System.out.println("After kubectl has returned (median, longest):");
      times.forEach(
          (what, all) ->
              System.out.printf(
                  "%6d ms %6d ms  %s%n",
                  median(all).toMillis(), Collections.max(all).toMillis(), what));
    }
  }

  /** Returns the public half of the host key. */
  private static String bringKeys(Installation slipway, Path folder) throws Exception {
    var secret =
        new ArrayList<>(
            List.of("create", "secret", "generic", "slipway-front", "-n", "slipway-system"));
    for (String key : List.of("ssh_host_ed25519_key", "ca_ed25519_key")) {
      String file = folder.resolve(key).toString();
      makeKey(Path.of(file));
      secret.add("--from-file=" + file);
      secret.add("--from-file=" + file + ".pub");
    }
    slipway.kubectl(secret.toArray(String[]::new));
    return Files.readString(folder.resolve("ssh_host_ed25519_key.pub")).strip();
  }

  private static void makeKey(Path file) throws Exception {
    var made =
        new ProcessBuilder(
            "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file.toString());
    assertThat(made.inheritIO().start().waitFor()).isZero();
  }

  private static void haveGitdsTrustFront(Installation slipway) {
    String controller = "deployment/slipway-controller";
    slipway.kubectl(
        "patch",
        controller,
        "-n",
        "slipway-system",
        "--type=json",
        "-p",
        """
        [{"op": "add", "path": "/spec/template/spec/containers/0/args/-",
          "value": "--front-secret=slipway-system/slipway-front"}]\
        """);
    slipway.kubectl("rollout", "status", "-n", "slipway-system", controller, Playground.PATIENCE);
  }
}
