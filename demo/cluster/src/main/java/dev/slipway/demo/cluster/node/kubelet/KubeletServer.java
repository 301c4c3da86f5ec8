package dev.slipway.demo.cluster.node.kubelet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.slipway.demo.cluster.http.LazyBody;
import dev.slipway.demo.cluster.tls.TlsIdentity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS port of a kubelet, as far as logs go: only the API server is let in, by its client
 * certificate.
 */
public final class KubeletServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KubeletServer.class);

  private final KubernetesClient client;
  private final PodLogs logs;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private KubeletServer(HttpsServer server, KubernetesClient client, PodLogs logs) {
    this.server = server;
    this.client = client;
    this.logs = logs;
  }

  /** Listens on a free port of the address. */
  public static KubeletServer start(
      String address, TlsIdentity identity, KubernetesClient client, PodLogs logs)
      throws IOException {
    var server = HttpsServer.create(new InetSocketAddress(address, 0), 0);
    var kubelet = new KubeletServer(server, client, logs);
    server.setHttpsConfigurator(
        new HttpsConfigurator(identity.context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            var wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.setExecutor(kubelet.threads);
    server.createContext("/", kubelet::exchange);
    server.start();
    return kubelet;
  }

  /** What the node's status names as {@code daemonEndpoints.kubeletEndpoint.Port}. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!isApiServer(exchange)) {
        answer(exchange, 403, "Forbidden");
        return;
      }
      var path = LogPath.parse(exchange.getRequestURI());
      if (path.isEmpty()) {
        answer(exchange, 404, "404 page not found");
        return;
      }
      serve(exchange, path.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(HttpExchange exchange, LogPath path) throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    var body = new LazyBody(exchange, 200);
    try {
      var pod = client.pods().inNamespace(path.namespace()).withName(path.pod()).get();
      if (pod == null) {
        answer(exchange, 404, "pod \"" + path.pod() + "\" does not exist\n");
        return;
      }
      LogState.require(pod, path.container(), path.isTrue("previous"));
      logs.copy(path.request(pod.getMetadata().getUid(), Clock.systemUTC()), body);
      body.flush();
    } catch (LogsUnavailable e) {
      var sentence = e.getMessage() == null ? "" : e.getMessage();
      if (!body.hasBegun()) {
        answer(exchange, 400, sentence);
      }
    } catch (KubernetesClientException e) {
      log.warn("Cannot serve the log of {}", path, e);
      answer(exchange, 500, "cannot reach the API");
    }
  }

  private static boolean isApiServer(HttpExchange exchange) throws SSLPeerUnverifiedException {
    try {
      return exchange instanceof HttpsExchange https
          && new LdapName(https.getSSLSession().getPeerPrincipal().getName())
              .getRdns().stream()
                  .anyMatch(
                      part ->
                          part.getType().equals("CN")
                              && part.getValue().equals(TlsIdentity.KUBELET_CLIENT));
    } catch (InvalidNameException e) {
      return false;
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    var body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Breaks all connections. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
