package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.RunningContainer;
import dev.slipway.demo.cluster.process.CommandFailed;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Makes one attempt of a probe. */
record ProbeCheck(Container container, Probe probe, String address, RunningContainer running) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(trustingAll())
          .build();

  /** Empty when it succeeds, else what a kubelet says. */
  Optional<String> failure() throws InterruptedException {
    var limit = Duration.ofSeconds(Optional.ofNullable(probe.getTimeoutSeconds()).orElse(1));
    if (probe.getHttpGet() != null) {
      return http(probe.getHttpGet(), limit);
    }
    if (probe.getTcpSocket() != null) {
      return tcp(port(probe.getTcpSocket().getPort()), limit);
    }
    if (probe.getExec() != null) {
      return exec(limit);
    }
    return Optional.empty();
  }

  private Optional<String> http(HTTPGetAction get, Duration limit) throws InterruptedException {
    var scheme = "HTTPS".equals(get.getScheme()) ? "https" : "http";
    var host = Optional.ofNullable(get.getHost()).filter(name -> !name.isEmpty()).orElse(address);
    int port = port(get.getPort());
    var path = Optional.ofNullable(get.getPath()).orElse("/");
    var url =
        "%s://%s:%d%s".formatted(scheme, host, port, path.startsWith("/") ? path : "/" + path);
    try {
      var request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(limit)
              .header("User-Agent", "kube-probe/1.34");
      if (get.getHttpHeaders() != null) {
        get.getHttpHeaders().stream()
            .filter(header -> !header.getName().equalsIgnoreCase("host"))
            .forEach(header -> request.header(header.getName(), header.getValue()));
      }
      int status = HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 400
          ? Optional.empty()
          : Optional.of("HTTP probe failed with statuscode: " + status);
    } catch (HttpTimeoutException e) {
      return Optional.of(
          "Get \"%s\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
              .formatted(url));
    } catch (ConnectException e) {
      return Optional.of(
          "Get \"%s\": dial tcp %s:%d: connect: connection refused".formatted(url, host, port));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of("Get \"%s\": %s".formatted(url, e.getMessage()));
    }
  }

  private Optional<String> tcp(int port, Duration limit) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), (int) limit.toMillis());
      return Optional.empty();
    } catch (SocketTimeoutException e) {
      return Optional.of("dial tcp %s:%d: i/o timeout".formatted(address, port));
    } catch (IOException e) {
      return Optional.of("dial tcp %s:%d: connect: connection refused".formatted(address, port));
    }
  }

  private Optional<String> exec(Duration limit) throws InterruptedException {
    try {
      var result = running.execute(probe.getExec().getCommand(), limit);
      return switch (result.exitCode()) {
        case 0 -> Optional.empty();
        case 124 -> Optional.of("command timed out after " + limit.toSeconds() + "s");
        default -> Optional.of(result.output() + result.errors());
      };
    } catch (CommandFailed e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private int port(IntOrString port) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return container.getPorts().stream()
        .filter(named -> port.getStrVal().equals(named.getName()))
        .findFirst()
        .map(named -> named.getContainerPort())
        .orElse(0);
  }

  /** Probes do not check certificates: so a kubelet's. */
  private static SSLContext trustingAll() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, SSLUtils.trustManagers(null, null, true, null, null), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Every JDK has TLS", e);
    }
  }
}
