package dev.slipway.demo.cluster.api;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.slipway.demo.cluster.api.logs.LogsUnavailable;
import dev.slipway.demo.cluster.api.logs.PodLogs;
import dev.slipway.demo.cluster.api.pki.CertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The embedded Kubernetes API server: HTTPS on a free port of the loopback address. */
public final class ApiServer implements AutoCloseable {
  // The names that pods reach it by.
  private static final String[] NAMES = {
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local"
  };

  private final CertificateAuthority authority = CertificateAuthority.create();
  private final String adminToken = UUID.randomUUID().toString();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpsServer server;
  private volatile PodLogs podLogs =
      (request, to) -> {
        throw new LogsUnavailable("no node runs pods here");
      };

  private ApiServer(int port) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext(NAMES)));
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var body = "ok".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }

  /** Starts on a free port. */
  public static ApiServer start() {
    return start(0);
  }

  /** Starts on the given port of the loopback address, 0 for a free one. */
  public static ApiServer start(int port) {
    // 44 ms instead of 1 ms for each call without it: Nagle's algorithm meets delayed ACKs.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      var api = new ApiServer(port);
      api.server.start();
      return api;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start the API server on loopback", e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "https://127.0.0.1:" + port();
  }

  /** The certificate that clients trust, as PEM text. */
  public String caCertificate() {
    return authority.pem();
  }

  /** A bearer token of the group {@code system:masters}. */
  public String adminToken() {
    return adminToken;
  }

  /** From now on answers log requests with what this source has. */
  public void serveLogsFrom(PodLogs source) {
    podLogs = source;
  }

  PodLogs podLogs() {
    return podLogs;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
