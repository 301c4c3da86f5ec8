package dev.slipway.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

  private static HttpResponse<String> get(HttpClient client, HealthServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
