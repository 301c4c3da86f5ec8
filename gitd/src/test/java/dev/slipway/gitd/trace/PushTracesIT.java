package dev.slipway.gitd.trace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.gitd.Developer;
import dev.slipway.gitd.Eventually;
import dev.slipway.gitd.TestGitd;
import dev.slipway.hooks.PushOutcome;
import dev.slipway.hooks.report.PushReport;
import dev.slipway.hooks.report.PushReport.Image;
import dev.slipway.hooks.report.PushReport.Phase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A push, and a collector that speaks OTLP over HTTP. */
class PushTracesIT {
  @TempDir private Path folder;
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private HttpServer collector;

  @BeforeEach
  void listen() throws Exception {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          try (exchange) {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            paths.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, -1);
          }
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  @Test
  void aCollectorGetsThePushUnderTheIdThatItsJobsWereTold() throws Exception {
    Developer ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    String id;
    try (PushTraces traces = OtlpTraces.start(Map.of("otel.exporter.otlp.endpoint", endpoint()));
        TestGitd gitd = TestGitd.tracing(traces, folder, ana)) {
      gitd.hook.report(PushTracesIT::built);
      ana.succeed(ana.git(ana.project("app", gitd), "push", "dev", "master"));
      id = gitd.hook.pushes().getFirst().id().value();
      // Of the span that ends last.
      Eventually.await().until(() -> sent().contains("slipway.outcome"));
    }

    // Protobuf: strings and ids are in it as they are.
    assertThat(paths).containsOnly("/v1/traces");
    assertThat(sent())
        .contains(bytes(id), bytes(id.substring(16)), "slipway-gitd", "default/dev", "stored")
        .contains("build", "image web", "registry.example/web@sha256:1");
  }

  private static PushReport built(PushOutcome outcome) {
    Instant began = Instant.now();
    Duration took = Duration.ofSeconds(1);
    return new PushReport(
        outcome,
        List.of(new Phase(Phase.Name.BUILD, began, took)),
        List.of(new Image("web", Image.Origin.BUILT, "registry.example/web@sha256:1", began, took)),
        Optional.empty());
  }

  private String sent() {
    return String.join("", bodies);
  }

  private String endpoint() {
    return "http://127.0.0.1:" + collector.getAddress().getPort();
  }

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
  }
}
