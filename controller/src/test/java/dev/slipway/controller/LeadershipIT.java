package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Remote;
import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.demo.cluster.Kubectl;
import dev.slipway.demo.cluster.api.fault.Requests;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** In the order in which they are made. */
  private static final List<String> WRITES =
      List.of(
          "patch secrets dev-gitd-config",
          "patch secrets dev-gitd-host-key",
          "patch persistentvolumeclaims",
          "patch serviceaccounts",
          "patch roles",
          "patch rolebindings",
          "patch secrets dev-gitd-tokens",
          "patch services dev-gitd",
          "patch services dev-gitd-context",
          "patch networkpolicies dev-gitd",
          "patch networkpolicies dev-builds",
          "patch deployments",
          "create events",
          "patch remotes/status");

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
    lease().delete();
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

    Map<String, String> hostKey = hostKey("default", "one").orElseThrow();
    first.process().destroyForcibly();
    create("two");
    awaitHolder("second");
    awaitAll("two");
    assertThat(hostKey("default", "one")).contains(hostKey);
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

  @Fault(
      during = During.NO_PUSH,
      what = "somebody changes what the controller made while none runs",
      leaves = "the next one makes it as it was, and asks for nothing else")
  @Test
  void repairsWhatWasChangedWhileNoControllerRan() throws Exception {
    Running first = start("first");
    for (String namespace : List.of("as-it-was", "changed")) {
      inNamespace(namespace);
      create(namespace, "dev");
      awaitStatus(namespace, "dev");
    }
    first.process().destroyForcibly();
    assertThat(first.process().waitFor(InstalledController.SOON)).isTrue();
    String rules = rules("changed");
    succeeds("-n", "changed", "patch", "role", "dev-gitd", "--type=merge", "-p", "{\"rules\":[]}");
    succeeds("-n", "as-it-was", "label", "role", "dev-gitd", "somebody=else");
    List<dev.slipway.demo.cluster.api.fault.Fault> asked =
        WRITES.stream()
            .map(write -> write.split(" ", -1))
            .filter(words -> !words[1].matches("events|remotes/status"))
            .map(
                words ->
                    cluster.faults().on("*", words[1]).named(words.length == 3 ? words[2] : ""))
            .filter(requests -> !requests.name().equals("dev-gitd-config"))
            // The cluster's own controllers have something to do there too.
            .map(requests -> requests.in("as-it-was").by("slipway-system", "slipway-controller"))
            .map(requests -> requests.delay(Duration.ZERO))
            .toList();

    start("next");
    succeeds(
        "-n",
        "as-it-was",
        "patch",
        "remote",
        "dev",
        "--type=merge",
        "-p",
        "{\"spec\":{\"authorizedKeys\":[]}}");

    InstalledController.eventually()
        .untilAsserted(
            () -> {
              assertThat(rules("changed")).isEqualTo(rules);
              assertThat(
                      cluster
                          .kubectl(
                              "-n",
                              "as-it-was",
                              "get",
                              "remote",
                              "dev",
                              "-o",
                              "jsonpath={.status.observedGeneration}")
                          .output())
                  .isEqualTo("2");
            });
    assertThat(asked).allSatisfy(it -> assertThat(it.hits()).isZero());
    asked.forEach(dev.slipway.demo.cluster.api.fault.Fault::close);
  }

  private static String rules(String namespace) {
    return cluster
        .kubectl("-n", namespace, "get", "role", "dev-gitd", "-o", "jsonpath={.rules}")
        .output();
  }

  private static void succeeds(String... kubectl) {
    Kubectl.Result result = cluster.kubectl(kubectl);
    assertThat(result.exitCode()).as(result.errors()).isZero();
  }

  @Fault(
      during = During.NO_PUSH,
      what = "the API hangs when the acting controller renews its Lease",
      leaves = "it ends itself before another one takes over")
  @Test
  void controllerWhoseRenewalHangsEndsBeforeAnotherOneActs() throws Exception {
    Running first = start("first");
    awaitHolder("first");
    start("second");
    try (var renewal = cluster.faults().on("patch", "leases").times(1).hang()) {
      InstalledController.eventually().until(() -> renewal.hits() == 1);

      assertThat(first.process().waitFor(InstalledController.SOON)).isTrue();
      awaitHolder("second");
      assertThat(first.process().exitValue()).isEqualTo(1);
      assertThat(lease().get().getSpec().getAcquireTime().toInstant()).isAfter(stopped("first"));
    }
  }

  /** When it said so, which is the last that it does; this process may hear of its end late. */
  private Instant stopped(String name) throws IOException {
    Path log = files.resolve(name + ".log");
    assertThat(Files.readString(log)).contains(name + " lost the lease");
    return Files.getLastModifiedTime(log).toInstant();
  }

  /**
   * Each Remote stops at another write. What hangs is not carried out, so a Remote is left as by a
   * kill between that write and the one before it.
   */
  @Fault(
      during = During.NO_PUSH,
      what = "`kill -9` of the controller between any two of its writes",
      leaves = "the next one makes what is missing and changes nothing else; an event is told once")
  @Test
  void killedBetweenAnyTwoWritesItGoesOnThere() throws Exception {
    Running first = start("first");
    inNamespace("whole");
    create("whole", "whole");
    awaitStatus("whole", "whole");
    List<dev.slipway.demo.cluster.api.fault.Fault> writes = new ArrayList<>();
    for (String write : WRITES) {
      String namespace = namespace(write);
      inNamespace(namespace);
      String[] words = write.split(" ", -1);
      Requests requests = cluster.faults().on(words[0], words[1]).in(namespace);
      writes.add((words.length == 3 ? requests.named(words[2]) : requests).hang());
      create(namespace, "dev");
    }
    writes.forEach(it -> InstalledController.eventually().until(() -> it.hits() > 0));
    first.process().destroyForcibly();
    assertThat(first.process().waitFor(InstalledController.SOON)).isTrue();
    writes.forEach(dev.slipway.demo.cluster.api.fault.Fault::close);
    Map<String, Map<String, String>> hostKeys = new HashMap<>();
    WRITES.forEach(it -> hostKey(namespace(it), "dev").ifPresent(key -> hostKeys.put(it, key)));
    assertThat(hostKeys).isNotEmpty();
    // No finalizer waits for a controller that is away.
    deleteNamespace("whole");

    start("first");

    for (String write : WRITES) {
      awaitStatus(namespace(write), "dev");
      assertThat(objects(namespace(write))).as(write).hasSize(12);
      // A gitd may have been told of too, if the kill came late.
      assertThat(warnings(namespace(write), "dev"))
          .as(write)
          .filteredOn(it -> it.getReason().equals("KeysLeftOut"))
          .hasSize(1);
    }
    hostKeys.forEach((write, key) -> assertThat(hostKey(namespace(write), "dev")).contains(key));
    deleteNamespace(namespace(WRITES.getFirst()));
  }

  private static String namespace(String write) {
    return "at-" + write.replace(' ', '-').replace('/', '-');
  }

  private static void inNamespace(String name) {
    Kubectl.Result made = cluster.kubectl("create", "namespace", name);
    assertThat(made.exitCode()).as(made.errors()).isZero();
  }

  private static void deleteNamespace(String name) {
    Kubectl.Result gone = cluster.kubectl("delete", "namespace", name, "--timeout=120s");
    assertThat(gone.exitCode()).as(gone.errors()).isZero();
  }

  /** All that the controller makes, as {@code Kind/name}. */
  private static List<String> objects(String namespace) {
    return cluster
        .kubectl(
            "get",
            "serviceaccounts,roles,rolebindings,secrets,persistentvolumeclaims,services,"
                + "networkpolicies,deployments",
            "-n",
            namespace,
            "-l",
            "app.kubernetes.io/managed-by=slipway",
            "-o",
            "name")
        .output()
        .lines()
        .toList();
  }

  private static void awaitStatus(String namespace, String name) {
    InstalledController.eventually()
        .untilAsserted(
            () ->
                assertThat(
                        cluster
                            .kubectl(
                                "get",
                                "remote",
                                name,
                                "-n",
                                namespace,
                                "-o",
                                "jsonpath={.status.conditions[?(@.type==\"GitdAvailable\")].reason}")
                            .output())
                    .isEqualTo("Starting"));
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
    create("default", name);
  }

  private static void create(String namespace, String name) {
    String yaml =
        """
        apiVersion: gitkube.sh/v1alpha1
        kind: Remote
        metadata: {name: %s, namespace: %s}
        spec:
          authorizedKeys: ["%s", "no key"]
        """
            .formatted(name, namespace, InstalledController.ANA);
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
    return warnings("default", remote);
  }

  private static List<Event> warnings(String namespace, String remote) {
    return cluster.client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> remote.equals(event.getInvolvedObject().getName()))
        .filter(event -> event.getType().equals("Warning"))
        .toList();
  }

  private static Optional<Map<String, String>> hostKey(String namespace, String remote) {
    return Optional.ofNullable(
            cluster
                .client()
                .secrets()
                .inNamespace(namespace)
                .withName(remote + "-gitd-host-key")
                .get())
        .map(Secret::getData);
  }

  private static Resource<Lease> lease() {
    return cluster.client().leases().inNamespace("slipway-system").withName("slipway-controller");
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
