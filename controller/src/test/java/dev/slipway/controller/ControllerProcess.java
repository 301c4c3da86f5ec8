package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.EmbeddedCluster;
import java.io.IOException;
import java.net.ServerSocket;
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
import java.util.regex.Pattern;

/** The controller as a process of its own that can be weighed. */
record ControllerProcess(Process process, int port) implements AutoCloseable {
  /** As in its image and its pod. */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx256m",
          "-XX:NewRatio=4",
          "--sun-misc-unsafe-memory-access=allow");

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern DONE =
      Pattern.compile("(?m)^operator_sdk_reconciliations_success_total\\S* ([0-9.E]+)$");

  /** Returns when it acts. */
  static ControllerProcess start(EmbeddedCluster cluster, Path directory)
      throws IOException, InterruptedException {
    var kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: bench
          cluster: {server: %s, certificate-authority-data: %s}
        users:
        - name: controller
          user: {token: %s}
        contexts:
        - name: bench
          context: {cluster: bench, user: controller}
        current-context: bench
        """
            .formatted(
                cluster.apiUrl(),
                Base64.getEncoder()
                    .encodeToString(cluster.caCertificate().getBytes(StandardCharsets.UTF_8)),
                cluster.tokenFor("slipway-system", "slipway-controller")));
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
    command.addAll(OPTIONS);
    String more = System.getProperty("slipway.bench.options", "");
    if (!more.isEmpty()) {
      command.addAll(List.of(more.split(" ")));
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ControllerMain.class.getName(),
            "--gitd-image=slipway/gitd",
            "--health-port=" + port));
    var builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder
        .redirectErrorStream(true)
        .redirectOutput(Path.of("target/scale-controller.log").toFile());
    var controller = new ControllerProcess(builder.start(), port);
    controller.ask("/readyz");
    return controller;
  }

  void awaitReconciled(int times) throws InterruptedException {
    while (reconciled() < times) {
      // To be asked costs it something.
      Thread.sleep(500);
    }
  }

  private double reconciled() throws InterruptedException {
    var found = DONE.matcher(ask("/metrics"));
    double sum = 0;
    while (found.find()) {
      sum += Double.parseDouble(found.group(1));
    }
    return sum;
  }

  private String ask(String path) throws InterruptedException {
    while (true) {
      try {
        var response =
            HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return response.body();
        }
      } catch (IOException e) {
        assertThat(process.isAlive()).isTrue();
      }
      Thread.sleep(50);
    }
  }

  double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toMillis() / 1000.0;
  }

  /** What of it was in memory at once, in MiB. */
  double peak() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElseThrow();
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
