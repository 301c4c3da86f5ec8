package dev.slipway.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthServerTest {
  @Test
  void tellsWhetherItLivesWhetherItIsReadyAndItsMetrics() throws Exception {
    var ready = new AtomicBoolean();
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    metrics.counter("pushes").increment();
    try (var server = HealthServer.start(0, ready::get, metrics);
        var client = HttpClient.newHttpClient()) {
      assertThat(get(client, server, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(client, server, "/readyz").statusCode()).isEqualTo(503);
      ready.set(true);
      assertThat(get(client, server, "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(client, server, "/metrics").body()).contains("pushes_total 1.0");
    }
  }

  @Test
  void whoBeginsToAskAndFallsSilentIsSentAway() throws Exception {
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (var server = HealthServer.start(0, () -> true, metrics);
        var silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      silent.setSoTimeout((int) Duration.ofMinutes(2).toMillis());
      silent.getOutputStream().write("GET /livez HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));

      assertThat(silent.getInputStream().readAllBytes()).isEmpty();
    }
  }

  private static HttpResponse<String> get(HttpClient client, HealthServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
