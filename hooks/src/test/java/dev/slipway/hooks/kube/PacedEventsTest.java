package dev.slipway.hooks.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.hooks.PatientClock;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PacedEventsTest {
  private static final Pod POD =
      new PodBuilder()
          .withNewMetadata()
          .withNamespace("team")
          .withName("web")
          .withUid("1")
          .endMetadata()
          .build();

  private final AtomicInteger requests = new AtomicInteger();
  private final PatientClock clock = new PatientClock();
  private HttpServer server;
  private KubernetesClient client;
  private PacedEvents events;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/namespaces/team/events", this::answer);
    server.start();
    client =
        LeanClient.builder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .build())
            .build();
    events = new PacedEvents(client, clock);
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void asksNothingAboutWhatGetsOn() {
    assertThat(events.about(List.of(POD))).isEmpty();
    assertThat(events.about(List.of(POD))).isEmpty();

    assertThat(requests).hasValue(0);
  }

  @Test
  void asksOnceInAWhileAndRemembersMeanwhile() {
    clock.pass(PacedEvents.PACE);

    assertThat(events.about(List.of(POD))).extracting(Event::getMessage).containsExactly("1");
    assertThat(events.about(List.of(POD))).extracting(Event::getMessage).containsExactly("1");
    clock.pass(PacedEvents.PACE);
    assertThat(events.about(List.of(POD))).extracting(Event::getMessage).containsExactly("2");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] list =
          """
          {"kind": "EventList", "apiVersion": "v1", "items": [
            {"kind": "Event", "metadata": {"name": "e"}, "involvedObject": {"uid": "1"}, "message": "%d"}
          ]}
          """
              .formatted(requests.incrementAndGet())
              .getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, list.length);
      exchange.getResponseBody().write(list);
    }
  }
}
