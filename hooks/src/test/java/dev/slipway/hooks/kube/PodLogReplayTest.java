package dev.slipway.hooks.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.hooks.Recordings;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the reading of logs against what a real API server answered. */
class PodLogReplayTest {
  private static final Pod POD =
      new PodBuilder()
          .withNewMetadata()
          .withNamespace("lg")
          .withName("crash")
          .endMetadata()
          .build();

  private final List<String> queries = new CopyOnWriteArrayList<>();
  private String answer = "";
  private String previousAnswer = "27-previous-none";
  private HttpServer server;
  private KubernetesClient client;
  private PodLog log;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), /* backlog= */ 0);
    server.createContext("/api/v1/namespaces/lg/pods/crash/log", this::answer);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    log = new PodLog(client);
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource({
    "01-pod-not-scheduled, Open",
    "02-container-creating-missing-secret-volume, NotYet",
    "03-image-pull-failing, NotYet",
    "04-create-container-config-error, NotYet",
    "06-init-running-main-follow, NotYet",
    "11-pod-not-found, Gone",
    "13-follow-timestamps, Open",
    "37-after-pod-deletion, Gone",
    "40-image-pull-first-error, NotYet",
    "41-container-creating-follow, NotYet"
  })
  void tellsALogFromNoneYetAndNoneAnyMore(String recording, String expected) throws Exception {
    answer = recording;

    PodLog.Answer is = log.follow(POD, "main", /* sinceTime= */ null);

    assertThat(is.getClass().getSimpleName()).isEqualTo(expected);
    if (is instanceof PodLog.Answer.Open(InputStream bytes)) {
      try (bytes) {
        assertThat(bytes.readAllBytes()).isEqualTo(body(recording));
      }
    }
  }

  @Test
  void makesEachLineOfAnOddLogReadable() throws Exception {
    answer = "31-bytes-multibyte-long-nonewline";

    List<String> tail = log.tail(POD, running(), 10);

    assertThat(tail)
        .startsWith("Grüße, 日本語, 😀 ÷", "over", "green", "bad \ufffd byte")
        .endsWith("no newline at end")
        .hasSize(6);
    assertThat(tail.get(4)).startsWith("xxx").endsWith("x…").hasSizeLessThan(2100);
    assertThat(log.tail(POD, running(), 2)).isEqualTo(tail.subList(4, 6));
  }

  @Test
  void beginsWithTheRunThatCrashedWhereTheContainerRunsAgain() throws Exception {
    previousAnswer = "26-follow-finished";
    answer = "38-crashloop-current";

    assertThat(log.tail(POD, runningAgain(), 2)).containsExactly("tick 8", "err", "run");
  }

  @Test
  void leavesOutTheSentenceAboutARunThatIsGone() throws Exception {
    previousAnswer = "39-crashloop-previous";
    answer = "38-crashloop-current";

    assertThat(log.tail(POD, runningAgain(), 10)).containsExactly("run");
  }

  @Test
  void asksForNoRunBeforeWhereTheLastOneIsTheOneThatCrashed() throws Exception {
    answer = "38-crashloop-current";
    ContainerStatus waiting =
        new ContainerStatusBuilder(runningAgain())
            .withNewState()
            .withNewWaiting()
            .withReason("CrashLoopBackOff")
            .endWaiting()
            .endState()
            .build();

    assertThat(log.tail(POD, waiting, 10)).containsExactly("run");
    assertThat(queries).noneMatch(query -> query.contains("previous"));
  }

  private static ContainerStatus running() {
    return new ContainerStatusBuilder()
        .withName("main")
        .withNewState()
        .withNewRunning()
        .endRunning()
        .endState()
        .build();
  }

  private static ContainerStatus runningAgain() {
    return new ContainerStatusBuilder(running())
        .withRestartCount(1)
        .withNewLastState()
        .withNewTerminated()
        .withExitCode(1)
        .endTerminated()
        .endLastState()
        .build();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    queries.add(query);
    String recording = query.contains("previous=true") ? previousAnswer : answer;
    byte[] body = body(recording);
    int status = response(recording).path("status").asInt();
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] body(String recording) throws IOException {
    JsonNode response = response(recording);
    return recording.startsWith("31-")
        ? Recordings.present().bytes("e-logs/bytes.plain.bin")
        : response.has("base64")
            ? Base64.getDecoder().decode(response.path("base64").asText())
            : response.path("body").toString().getBytes(UTF_8);
  }

  private static JsonNode response(String recording) throws IOException {
    return Recordings.present().json("e-logs/" + recording + ".json").path("response");
  }
}
