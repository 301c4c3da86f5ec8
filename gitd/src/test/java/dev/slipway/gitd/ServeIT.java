package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The process as its container runs it, configured through the API. */
class ServeIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  @TempDir Path folder;
  private Developer ana;

  /** Of the Remote and of its config. */
  private String name;

  private Process gitd;

  @BeforeEach
  void serve(TestInfo test) throws IOException {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    name = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    gitd = start(Developer.withKey(folder, "host", "-t", "ed25519").key());
  }

  @AfterEach
  void kill() throws InterruptedException {
    Eventually.exit(gitd.destroyForcibly());
  }

  @Test
  void livesAtOnceServesOnceConfiguredFollowsTheKeysAndEndsOnSigterm() throws Exception {
    Developer bob = Developer.withKey(folder, "bob", "-t", "ed25519");
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);

    publish(ana);

    Eventually.await().until(() -> get("/readyz").statusCode() == 200);
    ana.succeed(lsRemote(ana));
    assertThat(get("/metrics").body())
        .contains("slipway_gitd_authentications_total{result=\"success\"} 1.0");
    assertThat(lsRemote(bob).err()).contains("Permission denied (publickey)");

    publish(bob);

    Eventually.await().until(() -> lsRemote(bob).exit() == 0);
    assertThat(lsRemote(ana).err()).contains("Permission denied (publickey)");
    assertThat(log()).containsOnlyOnce("\"ready\"");
    assertThat(Files.readString(folder.resolve("classes.log")))
        .contains("dev.slipway.gitd.trace.PushTraces")
        .doesNotContain("io.opentelemetry", "org.bouncycastle.jce.provider.BouncyCastleProvider");

    gitd.destroy();
    Eventually.exit(gitd);
    assertThat(log()).contains("no new connections");
  }

  @Test
  void servesFetchesWhileItStillRemovesWhatAnEarlierProcessLeft() {
    try (var silent = cluster.faults().on("list", "jobs").hang()) {
      publish(ana);

      Eventually.await().until(() -> silent.hits() > 0);
      Eventually.await().until(() -> get("/readyz").statusCode() == 200);
      ana.succeed(lsRemote(ana));
    }
  }

  @Test
  void endsWhenNobodyHasUsedItForAWhileAndTheControllerKnows() throws Exception {
    assertThat(cluster.kubectl("apply", "-f", "../crd/remote.yaml").exitCode()).isZero();
    Remote remote =
        Serialization.unmarshal(
            "metadata: {name: %s, namespace: default}\nspec: {branches: [master]}".formatted(name),
            Remote.class);
    Eventually.await()
        .ignoreExceptions()
        .until(() -> cluster.client().resource(remote).create() != null);

    publish(1, ana);

    assertThat(Eventually.exit(gitd)).isZero();
    assertThat(log()).contains("going to sleep");
    assertThat(cluster.client().resource(remote).get().getSpec().replicas()).isZero();
  }

  @Fault(
      during = During.NO_PUSH,
      what = "gitd cannot say that it wants to sleep",
      leaves = "it serves on")
  @Test
  void servesOnWhenItCannotSayThatItWantsToSleep() {
    publish(1, ana);

    Eventually.await().until(() -> log().contains("cannot go to sleep"));
    Eventually.await().until(() -> lsRemote(ana).exit() == 0);
  }

  @Test
  void endsOnSigtermWhileItWaitsForAConfig() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);

    gitd.destroy();

    Eventually.exit(gitd);
    assertThat(log()).contains("stopped before there was a config");
  }

  @Test
  void whoBeginsToAskAndFallsSilentIsSentAway() throws Exception {
    publish(ana);
    List<Socket> silent = new ArrayList<>();
    try {
      for (String port : List.of("health", "contexts")) {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port(port));
        silent.add(client);
        client.setSoTimeout((int) Eventually.LIMIT.toMillis());
        client.getOutputStream().write("GET /livez HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
      }
      for (Socket client : silent) {
        assertThat(client.getInputStream().readAllBytes()).isEmpty();
      }
    } finally {
      for (Socket client : silent) {
        client.close();
      }
    }
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  private Developer.Ran lsRemote(Developer who) {
    return who.git(
        who.home(),
        "ls-remote",
        "ssh://default-dev@127.0.0.1:%d/~/git/default-dev".formatted(port("ssh")));
  }

  private Process start(Path hostKey) throws IOException {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It lives for seconds: no second compiler.
    argv.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    argv.add("-Xlog:class+load:file=" + folder.resolve("classes.log"));
    argv.addAll(List.of("-cp", System.getProperty("java.class.path"), GitdMain.class.getName()));
    argv.addAll(
        List.of(
            "serve",
            "--namespace=default",
            "--config-secret=" + name,
            "--repository=" + folder.resolve("repository"),
            "--host-key=" + hostKey,
            "--ssh-port=0",
            "--context-port=0",
            "--health-port=0"));
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("gitd.log").toFile());
    builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
    return builder.start();
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("gitd.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void publish(Developer... authorized) {
    publish(null, authorized);
  }

  private void publish(@Nullable Integer sleepAfterSeconds, Developer... authorized) {
    String keys =
        "\""
            + String.join("\", \"", List.of(authorized).stream().map(Developer::publicKey).toList())
            + "\"";
    String document =
        """
        {"namespace": "default", "name": "%s", "uid": "u",
         "authorizedKeys": [%s], "branches": ["master"], "registry": null, "targets": [],
         "builder": {"image": "b", "contextImage": "c", "contextUrl": "http://x:8022",
                     "tokenSecret": "t", "resources": {}, "timeoutSeconds": 1,
                     "nodeSelector": {}, "tolerations": [], "pullSecrets": [],
                     "parallelism": 1},
         "hooks": [],
         "rollout": {"timeoutSeconds": 1, "onFailure": "Restore"},
         "limits": {"packBytes": 1000000, "fileBytes": 500000, "reserveBytes": 0}, "unsupported": [],
         "sleepAfterSeconds": %s}
        """
            .formatted(name, keys, sleepAfterSeconds);
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    var _ =
        cluster
            .client()
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withNamespace("default")
                    .withName(name)
                    .endMetadata()
                    .addToData(GitdConfig.KEY, Base64.getEncoder().encodeToString(bytes))
                    .build())
            .createOr(existing -> existing.update());
  }

  /** Which port it has taken, as it says itself. */
  private int port(String name) {
    Pattern said = Pattern.compile("\"%s\":(\\d+)".formatted(name));
    return Eventually.await()
        .until(() -> said.matcher(log()).results().findFirst(), Optional::isPresent)
        .map(found -> Integer.parseInt(found.group(1)))
        .orElseThrow();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port("health") + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
