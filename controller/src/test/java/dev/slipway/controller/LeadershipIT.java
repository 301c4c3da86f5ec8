package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Remote;
import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.demo.cluster.Kubectl;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several controllers, each a process with the rights of {@code deploy/slipway.yaml}: one acts, and
 * another one takes over when it dies, hangs or is told to stop.
 */
class LeadershipIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  private static final Pattern PORT = Pattern.compile("health and metrics on port (\\d+)");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path files;

  private final List<Process> started = new ArrayList<>();

  /** A controller's process and where it can be asked. */
  private record Running(String name, Process process, int port) {
    String metrics() throws IOException, InterruptedException {
      URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
      try (HttpClient http = HttpClient.newHttpClient()) {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body();
      }
    }

    void signal(String signal) throws IOException, InterruptedException {
      var kill = new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start();
      assertThat(kill.waitFor()).isZero();
    }
  }

  @BeforeEach
  void install() {
    for (String file : List.of("../crd/remote.yaml", "../deploy/slipway.yaml")) {
      Kubectl.Result applied = cluster.kubectl("apply", "-f", file);
      assertThat(applied.exitCode()).as(applied.output() + applied.errors()).isZero();
    }
  }

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
  }

  @Fault(
      during = During.NO_PUSH,
      what = "the acting controller is killed, hangs, or is told to stop",
      leaves =
          "another one takes over; nothing is lost or told twice; the one that hung ends itself")
  @Test
  void anotherControllerTakesOverHoweverTheActingOneEnds() throws Exception {
    Running first = start("first");
    awaitHolder("first");
    Running second = start("second");
    create("one");
    awaitAll("one");
    assertThat(second.metrics()).doesNotContainPattern("reconciliations_success\\S* [1-9]");

    Map<String, String> hostKey = hostKey("one");
    first.process().destroyForcibly();
    create("two");
    awaitHolder("second");
    awaitAll("two");
    assertThat(hostKey("one")).isEqualTo(hostKey);
    assertThat(warnings("one")).hasSize(1);

    Running third = start("third");
    second.signal("STOP");
    awaitHolder("third");
    create("three");
    awaitAll("three");
    second.signal("CONT");
    assertThat(second.process().waitFor(InstalledController.SOON)).isTrue();
    assertThat(second.process().exitValue()).isEqualTo(1);
    assertThat(holder()).isEqualTo("third");
    assertThat(warnings("three")).hasSize(1);

    third.signal("TERM");
    assertThat(third.process().waitFor(InstalledController.SOON)).isTrue();
    assertThat(holder()).isEmpty();
  }

  /** Returns when it is ready. */
  private Running start(String name) throws IOException {
    Config account = cluster.clientAs("slipway-system", "slipway-controller").getConfiguration();
    Path authority =
        Files.write(files.resolve("ca.crt"), Base64.getDecoder().decode(account.getCaCertData()));
    Path log = files.resolve(name + ".log");
    var command =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            ControllerMain.class.getName(),
            "--gitd-image=slipway/gitd:it",
            "--health-port=0",
            "--lease=slipway-system/slipway-controller");
    command
        .environment()
        .putAll(
            Map.of(
                "HOSTNAME", name,
                "KUBECONFIG", "/dev/null",
                "KUBERNETES_MASTER", account.getMasterUrl(),
                "KUBERNETES_CERTS_CA_FILE", authority.toString(),
                "KUBERNETES_AUTH_TOKEN", account.getOauthToken()));
    Process process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    started.add(process);
    InstalledController.eventually()
        .untilAsserted(() -> assertThat(Files.readString(log)).containsPattern(PORT));
    Matcher port = PORT.matcher(Files.readString(log));
    assertThat(port.find()).isTrue();
    return new Running(name, process, Integer.parseInt(port.group(1)));
  }

  private static void create(String name) {
    String yaml =
        """
        apiVersion: gitkube.sh/v1alpha1
        kind: Remote
        metadata: {name: %s, namespace: default}
        spec:
          authorizedKeys: ["%s", "no key"]
        """
            .formatted(name, InstalledController.ANA);
    cluster.client().resource(Serialization.unmarshal(yaml, Remote.class)).create();
  }

  private static void awaitAll(String remote) {
    InstalledController.eventually()
        .untilAsserted(
            () -> {
              assertThat(
                      cluster
                          .client()
                          .apps()
                          .deployments()
                          .inNamespace("default")
                          .list()
                          .getItems())
                  .extracting(it -> it.getMetadata().getName())
                  .contains(remote + "-gitd");
              assertThat(warnings(remote)).isNotEmpty();
            });
  }

  private static List<Event> warnings(String remote) {
    return cluster.client().v1().events().inNamespace("default").list().getItems().stream()
        .filter(event -> remote.equals(event.getInvolvedObject().getName()))
        .filter(event -> event.getType().equals("Warning"))
        .toList();
  }

  private static Map<String, String> hostKey(String remote) {
    return cluster
        .client()
        .secrets()
        .inNamespace("default")
        .withName(remote + "-gitd-host-key")
        .require()
        .getData();
  }

  private static void awaitHolder(String name) {
    InstalledController.eventually().untilAsserted(() -> assertThat(holder()).isEqualTo(name));
  }

  private static String holder() {
    return cluster
        .kubectl(
            "get",
            "lease",
            "slipway-controller",
            "-n",
            "slipway-system",
            "-o",
            "jsonpath={.spec.holderIdentity}")
        .output();
  }
}
