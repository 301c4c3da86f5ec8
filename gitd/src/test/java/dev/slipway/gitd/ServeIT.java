package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.demo.cluster.ClusterExtension;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
  private static final Duration STARTED = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Developer ana;
  private String secret;
  private int ssh;
  private int health;
  private Process gitd;

  @BeforeEach
  void serve(TestInfo test) throws IOException {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    secret = "config-" + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    ssh = freePort();
    health = freePort();
    gitd = start(Developer.withKey(folder, "host", "-t", "ed25519").key());
  }

  @AfterEach
  void kill() {
    gitd.destroyForcibly();
  }

  @Test
  void livesAtOnceServesOnceConfiguredAndEndsOnSigterm() throws Exception {
    await().atMost(STARTED).until(() -> status("/livez") == 200);
    assertThat(status("/readyz")).isEqualTo(503);

    publish(ana);

    await().atMost(STARTED).until(() -> status("/readyz") == 200);
    ana.succeed(lsRemote(ana));
    assertThat(get("/metrics").body())
        .contains("slipway_gitd_authentications_total{result=\"success\"} 1.0");

    gitd.destroy();
    assertThat(gitd.waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(log()).contains("no new connections");
  }

  @Test
  void endsOnSigtermWhileItWaitsForAConfig() throws Exception {
    await().atMost(STARTED).until(() -> status("/livez") == 200);

    gitd.destroy();

    assertThat(gitd.waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(log()).contains("stopped before there was a config");
  }

  @Test
  void changedKeysAreInForceWithinASecondAndNothingRestarts() {
    Developer bob = Developer.withKey(folder, "bob", "-t", "ed25519");
    publish(ana);
    await().atMost(STARTED).until(() -> status("/readyz") == 200);
    assertThat(lsRemote(ana).exit()).isZero();
    assertThat(lsRemote(bob).err()).contains("Permission denied (publickey)");

    publish(bob);
    long changed = System.nanoTime();

    withinASecondOf(changed, () -> lsRemote(bob).exit() == 0);
    assertThat(lsRemote(ana).err()).contains("Permission denied (publickey)");

    publish(ana, bob);
    changed = System.nanoTime();

    withinASecondOf(changed, () -> lsRemote(ana).exit() == 0);
    assertThat(lsRemote(bob).exit()).isZero();
    assertThat(gitd.isAlive()).isTrue();
    assertThat(log()).containsOnlyOnce(": ready ");
  }

  /** The attempt that succeeds must have begun in time; ssh itself may take longer. */
  private static void withinASecondOf(long since, BooleanSupplier attempt) {
    long began;
    do {
      began = System.nanoTime();
      assertThat(Duration.ofNanos(began - since)).isLessThan(Duration.ofSeconds(1));
    } while (!attempt.getAsBoolean());
  }

  private Developer.Ran lsRemote(Developer who) {
    return who.git(
        who.home(), "ls-remote", "ssh://default-dev@127.0.0.1:%d/~/git/default-dev".formatted(ssh));
  }

  private Process start(Path hostKey) throws IOException {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(List.of("-cp", System.getProperty("java.class.path"), GitdMain.class.getName()));
    argv.addAll(
        List.of(
            "serve",
            "--namespace=default",
            "--config-secret=" + secret,
            "--repository=" + folder.resolve("repository"),
            "--host-key=" + hostKey,
            "--ssh-port=" + ssh,
            "--context-port=" + freePort(),
            "--health-port=" + health));
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
    String keys =
        "\""
            + String.join("\", \"", List.of(authorized).stream().map(Developer::publicKey).toList())
            + "\"";
    String document =
        """
        {"namespace": "default", "name": "dev", "uid": "u",
         "authorizedKeys": [%s], "branches": ["master"], "registry": null, "targets": [],
         "builder": {"image": "b", "contextImage": "c", "contextUrl": "http://x:8022",
                     "tokenSecret": "t", "resources": {}, "timeoutSeconds": 1,
                     "nodeSelector": {}, "parallelism": 1},
         "rollout": {"timeoutSeconds": 1, "onFailure": "Restore"}, "unsupported": []}
        """
            .formatted(keys);
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    var _ =
        cluster
            .client()
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withNamespace("default")
                    .withName(secret)
                    .endMetadata()
                    .addToData(GitdConfig.KEY, Base64.getEncoder().encodeToString(bytes))
                    .build())
            .createOr(existing -> existing.update());
  }

  private int status(String path) throws InterruptedException {
    try {
      return get(path).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + health + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
