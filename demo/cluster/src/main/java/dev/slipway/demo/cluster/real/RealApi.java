package dev.slipway.demo.cluster.real;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.slipway.demo.cluster.ClusterAddresses;
import dev.slipway.demo.cluster.ClusterApi;
import dev.slipway.demo.cluster.api.fault.Faults;
import dev.slipway.demo.cluster.api.pki.CertificateAuthority;
import dev.slipway.demo.cluster.api.rbac.UsedRights;
import dev.slipway.demo.cluster.node.container.NetworkNamespace;
import dev.slipway.demo.cluster.node.container.Sandbox;
import dev.slipway.demo.cluster.process.FreePort;
import dev.slipway.demo.cluster.tls.TlsIdentity;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real kube-apiserver on a real etcd, both on loopback and both gone when this process is.
 *
 * <p>Of fabric8's kube-api-test only the search for the programs is used: it starts them without
 * the admission that gives pods their tokens, with Service addresses of its own, and with an etcd
 * that anybody on the network may write to.
 */
public final class RealApi implements ClusterApi {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final RealBinaries binaries;
  private final RealFlags flags;
  private final TlsIdentity admin;
  private final Sandbox sandbox;
  private final Faults faults = new RealFaults(this::stopApiServer, this::startApiServer);
  private Process apiServer;

  private RealApi(RealBinaries binaries, RealFlags flags, TlsIdentity admin) throws IOException {
    this.binaries = binaries;
    this.flags = flags;
    this.admin = admin;
    // In a sandbox only because that ends with us; its network is the host's.
    this.sandbox = Sandbox.start();
    start(binaries.etcd(), flags.etcd());
    this.apiServer = start(binaries.apiServer(), flags.apiServer());
  }

  /** Whether {@code -Dslipway.api=real} or {@code SLIPWAY_API=real} asks for it. */
  public static boolean isWanted() {
    var variable = System.getenv("SLIPWAY_API");
    return System.getProperty("slipway.api", variable == null ? "" : variable).equals("real");
  }

  /**
   * Starts both and returns when the API is ready.
   *
   * @param directory an existing one, for keys, data and logs
   * @throws RealApiMissing when the programs cannot be had
   */
  public static RealApi start(
      Path directory, CertificateAuthority authority, ClusterAddresses addresses) {
    var binaries =
        RealBinaries.find(
            System.getenv("KUBEBUILDER_ASSETS"),
            KubeAPIServerConfigBuilder.anAPIServerConfig().withOfflineMode(false));
    try {
      var own = Files.createDirectories(directory.resolve("api"));
      var flags =
          new RealFlags(
              own,
              addresses.serviceRange(),
              addresses.firstNodePort() + "-" + addresses.lastNodePort(),
              FreePort.find(),
              FreePort.find(),
              FreePort.find());
      new RealFiles(own, authority).write(addresses.service(1));
      var api =
          new RealApi(
              binaries, flags, authority.client("slipway-ready", List.of("system:masters")));
      api.awaitReady();
      return api;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start a real kube-apiserver", e);
    }
  }

  private Process start(Path program, List<String> flags) throws IOException {
    var argv = new ArrayList<>(sandbox.entrance(NetworkNamespace.HOST));
    argv.add(program.toString());
    argv.addAll(flags);
    var log = this.flags.file(program.getFileName() + ".log").toFile();
    return new ProcessBuilder(argv)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private void awaitReady() {
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    try (var http = HttpClient.newBuilder().sslContext(admin.context()).build()) {
      var request =
          HttpRequest.newBuilder(URI.create(url() + "/readyz"))
              .timeout(Duration.ofSeconds(5))
              .build();
      while (!isReady(http, request)) {
        if (apiServer.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
          close();
          throw new IllegalStateException(
              "The real kube-apiserver did not get ready. It said last:\n" + lastWords());
        }
      }
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the real kube-apiserver starts", e);
    }
  }

  private String lastWords() {
    try {
      var lines = Files.readAllLines(flags.file("kube-apiserver.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException e) {
      return "nothing";
    }
  }

  private static boolean isReady(HttpClient http, HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // it does not listen yet
    }
  }

  private void stopApiServer() {
    // What was started is nsenter, which would leave the program behind.
    apiServer.descendants().forEach(ProcessHandle::destroyForcibly);
    apiServer.onExit().join();
  }

  private void startApiServer() {
    try {
      apiServer = start(binaries.apiServer(), flags.apiServer());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start the real kube-apiserver again", e);
    }
    awaitReady();
  }

  @Override
  public String url() {
    return "https://127.0.0.1:" + flags.apiPort();
  }

  @Override
  public Faults faults() {
    return faults;
  }

  @Override
  public UsedRights usedRights() {
    return abort("A real API server does not tell which rights it has used");
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
