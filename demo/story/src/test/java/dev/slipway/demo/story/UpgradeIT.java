package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.demo.cluster.image.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * All of Slipway is upgraded with Helm, on a cluster of its own, while people push through front.
 */
@EnabledIfSystemProperty(
    named = "user.name",
    matches = "root",
    disabledReason = "the embedded cluster needs root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpgradeIT {
  private static final String SYSTEM = "slipway-system";
  private static final Path CHART = SharedSlipway.HOME.resolve("charts/slipway");
  private static final Path CRD = CHART.resolve("crds/remote.yaml");

  private static final String BY_FRONT = "is not available. .* Try again later";

  /** Git says so when it has not heard a word of the server. */
  private static final String DIRECT =
      "Connection (refused|reset|closed).*\\s+fatal: Could not read from remote repository";

  private static final String DESCRIPTION = "Image of Kaniko; the controller's default when empty.";

  private Path files = Path.of("");
  private Installation slipway;
  private Registry guarded;
  private Playground playground;
  private Checkout checkout;

  @BeforeAll
  void installTheFirstVersion() throws IOException, InterruptedException {
    files = Files.createTempDirectory("slipway-upgrade");
    slipway = Installation.bare(files);
    guarded =
        Registry.start(
            Files.createDirectories(files.resolve("guarded")),
            Optional.of(new Registry.Login(SharedSlipway.USER, SharedSlipway.PASSWORD)));
    // Rights there and nowhere else.
    slipway.kubectl("create", "namespace", "upgraded");
    new Helm(CHART)
        .install()
        .withName("slipway")
        .withNamespace(SYSTEM)
        .createNamespace()
        .withValuesFile(values("1"))
        .withKubeConfig(slipway.cluster().kubeconfig())
        .call();
    awaitRollouts();
    playground = Playground.layOut("upgraded", new SharedSlipway(files, slipway, guarded));
    String port =
        slipway.kubectl(
            "get",
            "-n",
            SYSTEM,
            "service/slipway-front",
            "-o",
            "jsonpath={.spec.ports[0].nodePort}");
    checkout = playground.checkoutThroughFront(port, "upgraded-dev", frontKey());
    checkout.write("Dockerfile", RefusedPush.DOCKERFILE);
    createBusyRemote("fronted", "");
    createBusyRemote("own", "service: {type: NodePort}");
  }

  private void createBusyRemote(String name, String service) throws IOException {
    playground.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s}
        spec:
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: web
                image: busybox:stable
                workingDir: /srv
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
        ---
        apiVersion: gitkube.sh/v1alpha1
        kind: Remote
        metadata: {name: %1$s}
        spec:
          authorizedKeys: ["%2$s"]
          branches: [ana, bob]
          registry: {url: "%3$s", pullUrl: "%4$s", insecure: true}
          deployments:
          - name: %1$s
            containers:
            - name: web
              path: .
          %5$s
        """
            .formatted(
                name,
                playground.publicKey(),
                slipway.registryForPods(),
                slipway.registry(),
                service));
    playground.kubectl("wait", "--for=condition=Ready", "remote/" + name, Playground.PATIENCE);
  }

  private TirelessDeveloper set(String branch, String remote, String refusal) {
    Checkout work = playground.checkoutOf(remote);
    work.write("Dockerfile", RefusedPush.DOCKERFILE).write("page/index.html", remote);
    return TirelessDeveloper.start(work, branch, refusal, () -> playground.awaitGitd(remote));
  }

  @AfterAll
  void stop() throws IOException {
    guarded.close();
    slipway.close();
    StateDirectory.remove(files);
  }

  @Fault(
      during = During.BUILDING,
      what = "controller, front and gitd are replaced by another version while people push",
      leaves = "deploys; the next pushes wait for the new gitd; keys, URLs and names stay")
  @Test
  void aRunningPushEndsTheNextOneWaitsAndAllThatWasPromisedStays() throws Exception {
    List<TirelessDeveloper> developers =
        List.of(
            set("ana", "fronted", BY_FRONT),
            set("bob", "fronted", BY_FRONT),
            set("ana", "own", DIRECT));
    for (TirelessDeveloper developer : developers) {
      developer.awaitFirst();
    }
    String promised = promised();
    // Until some node is for builds, the first push is on its way.
    playground.patch("{\"spec\": {\"builder\": {\"nodeSelector\": {\"builds\": \"yes\"}}}}");
    Pushed first = push("First", "Building 1 image");
    first.awaitLine();

    upgrade();
    // Of the one whose push goes on: others may have been replaced already.
    playground.kubectl(
        "wait",
        "pods",
        "-l",
        "app.kubernetes.io/name=gitd,app.kubernetes.io/instance=dev",
        "--for=jsonpath={.metadata.deletionTimestamp}",
        Playground.PATIENCE);
    Pushed second = push("Second", "Waiting for upgraded-dev. Its git server does not answer.");
    second.awaitLine();
    slipway.kubectl("label", "nodes", "--all", "builds=yes");

    assertThat(first.result().text()).contains("=====> Deployed ");
    Stage.Result last = second.result();
    while (last.exitCode() != 0) {
      assertThat(last.text())
          .contains("upgraded-dev is not available. ", " Try again later")
          .doesNotContain("remote: ");
      last = checkout.push(_ -> {});
    }
    assertThat(last.text()).contains("=====> Deployed ");
    playground.witness().awaitPage("Second");

    for (String remote : List.of("fronted", "own")) {
      awaitNewGitd(remote);
    }
    developers.forEach(TirelessDeveloper::finish);

    assertThat(promised()).isEqualTo(promised);
    assertThat(image("web"))
        .startsWith(slipway.registry() + "/upgraded-dev-upgraded.web-web:" + checkout.head());
    awaitNewGitd("dev");
    assertThat(playground.kubectl("explain", "remote.spec.builder.image")).contains("Version 2.");
  }

  /** As docs/installing.md tells it. */
  private void upgrade() throws IOException {
    String changed = Files.readString(CRD).replace(DESCRIPTION, DESCRIPTION + " Version 2.");
    assertThat(changed).contains("Version 2.");
    slipway.kubectl(
        "apply",
        "--server-side",
        "--force-conflicts",
        "-f",
        Files.writeString(files.resolve("remote.yaml"), changed).toString());
    new Helm(CHART)
        .upgrade()
        .withName("slipway")
        .withNamespace(SYSTEM)
        .withValuesFile(values("2"))
        .withKubeConfig(slipway.cluster().kubeconfig())
        .call();
    awaitRollouts();
  }

  private Path values(String version) throws IOException {
    return Files.writeString(
        files.resolve("values.yaml"),
        """
        images: {controller: "slipway/controller:%1$s", gitd: "slipway/gitd:%1$s"}
        watchNamespaces: [upgraded]
        front: {enabled: true, service: {type: NodePort}}
        """
            .formatted(version));
  }

  private void awaitRollouts() {
    for (String deployment : new String[] {"slipway-controller", "slipway-front"}) {
      slipway.kubectl(
          "rollout", "status", "-n", SYSTEM, "deployment/" + deployment, Playground.PATIENCE);
    }
  }

  private void awaitNewGitd(String remote) {
    playground.kubectl(
        "wait",
        "deployment/" + remote + "-gitd",
        "--for=jsonpath={.spec.template.spec.containers[0].image}=slipway/gitd:2",
        Playground.PATIENCE);
    playground.awaitGitd(remote);
  }

  /** What developers and other tools have written down. */
  private String promised() {
    var promised = new StringBuilder(frontKey());
    for (String remote : List.of("dev", "fronted", "own")) {
      promised.append(
          playground.value(
              "remote", remote, "{.metadata.uid} {.status.remoteUrl} {.status.knownHosts}"));
    }
    return promised + image("fronted") + image("own");
  }

  private String frontKey() {
    String key =
        slipway.kubectl(
            "get",
            "-n",
            SYSTEM,
            "secret/slipway-front",
            "-o",
            "jsonpath={.data.ssh_host_ed25519_key\\.pub}");
    return new String(Base64.getDecoder().decode(key.strip()), StandardCharsets.UTF_8).strip();
  }

  private String image(String deployment) {
    return playground.value("deployment", deployment, "{.spec.template.spec.containers[0].image}");
  }

  /** A push on its way. */
  private record Pushed(CompletableFuture<Stage.Result> running, CountDownLatch line) {
    void awaitLine() throws InterruptedException {
      var _ = running.thenRun(line::countDown);
      assertThat(line.await(5, TimeUnit.MINUTES)).isTrue();
      assertThat(running).isNotDone();
    }

    Stage.Result result() {
      return running.join();
    }
  }

  /**
   * Begins to push a new page.
   *
   * @param line what is said when the push is where it is wanted
   */
  private Pushed push(String page, String line) {
    checkout.write("page/index.html", page).commit(page);
    var said = new CountDownLatch(1);
    var running =
        CompletableFuture.supplyAsync(
            () ->
                checkout.push(
                    it -> {
                      if (it.contains(line)) {
                        said.countDown();
                      }
                    }),
            work -> Thread.ofVirtual().start(work));
    return new Pushed(running, said);
  }
}
