package dev.slipway.demo.cluster.node;

import dev.slipway.demo.cluster.EmbeddedCluster;
import dev.slipway.demo.cluster.NodePart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A cluster with one pod in a JVM of its own, to be ended in whatever way. */
final class OtherCluster implements AutoCloseable {
  private final Process process;
  private List<String> told = List.of();

  private OtherCluster(Process process) {
    this.process = process;
  }

  /** Returns when its pod answers. */
  static OtherCluster start() throws IOException {
    var launched = launch();
    launched.awaitAnswer();
    return launched;
  }

  /** Returns at once. */
  static OtherCluster launch() throws IOException {
    return new OtherCluster(
        new ProcessBuilder(
                // Whoever starts the tests in the background may have them ignore Ctrl-C.
                "env",
                "--default-signal=INT",
                "setsid",
                ProcessHandle.current().info().command().orElseThrow(),
                "-Dsun.net.httpserver.nodelay=true",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OtherCluster.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  void awaitAnswer() throws IOException {
    for (var line = ""; line != null; line = process.inputReader().readLine()) {
      if (line.startsWith("running ")) {
        told = List.of(line.split(" ", -1));
        return;
      }
    }
    throw new IOException("the other cluster did not start");
  }

  /** As its terminal would on Ctrl-C: to the whole process group. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", "--", "-" + process.pid()).start().waitFor();
  }

  void terminate() {
    process.destroy();
  }

  void kill() {
    process.destroyForcibly();
  }

  boolean hasEnded() throws InterruptedException {
    return process.waitFor(5, TimeUnit.MINUTES);
  }

  int block() {
    return Integer.parseInt(told.get(1));
  }

  String podAddress() {
    return told.get(2);
  }

  String podUid() {
    return told.get(3);
  }

  Path directory() {
    return Path.of(told.get(4));
  }

  @Override
  public void close() {
    kill();
  }

  /** What runs in that JVM; says where its pod is. */
  public static void main(String[] args) throws InterruptedException {
    var cluster = EmbeddedCluster.startTemporary(List.of(new NodePart(List.of(), 1)));
    var pods = cluster.client().pods().inNamespace("default");
    cluster
        .client()
        .resource(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: default}
            spec:
              containers:
              - name: web
                image: busybox
                command: [sh, -c, 'echo here > index.html; exec httpd -f -p 8080']
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
            """)
        .create();
    var pod = pods.withName("web").waitUntilReady(5, TimeUnit.MINUTES);
    System.out.printf(
        "running %d %s %s %s%n",
        cluster.addresses().block(),
        pod.getStatus().getPodIP(),
        pod.getMetadata().getUid(),
        cluster.directory());
    Thread.currentThread().join();
  }
}
