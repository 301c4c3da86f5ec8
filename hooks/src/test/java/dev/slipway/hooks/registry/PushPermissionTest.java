package dev.slipway.hooks.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.crd.registry.RegistryLogin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of registries of every sort, and what is made of their answers. */
class PushPermissionTest {
  private static final RegistryLogin ANA = new RegistryLogin("ana", "s3cret", "", "");
  private static final String DENIED = "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}";

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer server;
  private String challenge = "";
  private String accepted = "";
  private int uploadStatus = 202;
  private String uploadBody = "";
  private volatile CountDownLatch drop = new CountDownLatch(0);

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    server.stop(0);
  }

  @Test
  void beginsAnUploadWithUserAndPasswordAndDropsIt() throws Exception {
    challenge = "Basic realm=\"registry\"";
    accepted = basic("ana", "s3cret");

    assertThat(ask(Optional.of(ANA))).isEqualTo(new RegistryAnswer.Allowed());
    await()
        .untilAsserted(
            () ->
                assertThat(requests)
                    .containsExactly(
                        "GET /v2/",
                        "POST /v2/team/web/blobs/uploads/",
                        "DELETE /v2/team/web/blobs/uploads/1"));
  }

  @Test
  void answersWhileTheUploadIsStillBeingDropped() throws Exception {
    drop = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        assertThat(threads.submit(() -> ask(Optional.empty())))
            .succeedsWithin(Duration.ofMinutes(1))
            .isEqualTo(new RegistryAnswer.Allowed());
      } finally {
        drop.countDown();
      }
    }
  }

  @Test
  void isDeniedWithAWrongPasswordAndWithoutAny() throws Exception {
    challenge = "Basic realm=\"registry\"";
    accepted = basic("ana", "other");

    assertThat(ask(Optional.of(ANA)))
        .isEqualTo(new RegistryAnswer.Denied("UNAUTHORIZED: authentication required"));
    assertThat(ask(Optional.empty()))
        .isEqualTo(new RegistryAnswer.Denied("UNAUTHORIZED: authentication required"));
  }

  @Test
  void changesAPasswordForATokenToPushAndPull() throws Exception {
    challenge = "Bearer realm=\"http://%s/token\",service=\"registry.test\"".formatted(host());
    accepted = "Bearer of-ana";

    assertThat(ask(Optional.of(ANA))).isEqualTo(new RegistryAnswer.Allowed());
    assertThat(requests.get(1))
        .isEqualTo("GET /token?service=registry.test&scope=repository%3Ateam%2Fweb%3Apull%2Cpush");
  }

  @Test
  void changesAnIdentityTokenByOauth() throws Exception {
    challenge = "Bearer realm=\"http://%s/oauth\",service=\"registry.test\"".formatted(host());
    accepted = "Bearer of-identity";

    assertThat(ask(Optional.of(new RegistryLogin("", "", "long", ""))))
        .isEqualTo(new RegistryAnswer.Allowed());
    assertThat(requests.get(1)).isEqualTo("POST /oauth");
  }

  @Test
  void isDeniedWhereTokensAreGivenOut() throws Exception {
    challenge = "Bearer realm=\"http://%s/refuse\",service=\"registry.test\"".formatted(host());

    assertThat(ask(Optional.of(ANA)))
        .isEqualTo(new RegistryAnswer.Denied("UNAUTHORIZED: incorrect username or password"));
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHORIZED, authentication required, 'Denied[words=UNAUTHORIZED: authentication required]'",
    "403, DENIED, Your authorization token has expired., 'Denied[words=DENIED: Your authorization token has expired]'",
    "404, NAME_UNKNOWN, The repository does not exist, NoRepository[]",
    "404, PAGE, nothing here, Unknown[why=POST /v2/team/web/blobs/uploads/ gave 404]",
    "429, TOOMANYREQUESTS, slow down, Unknown[why=POST /v2/team/web/blobs/uploads/ gave 429]",
    "500, UNKNOWN, oh no, Unknown[why=POST /v2/team/web/blobs/uploads/ gave 500]",
    "307, '', '', Unknown[why=POST /v2/team/web/blobs/uploads/ gave 307]",
  })
  void takesOnlyAPlainNoForOne(int status, String code, String message, String answer)
      throws Exception {
    uploadStatus = status;
    uploadBody = DENIED.formatted(code, message);

    assertThat(ask(Optional.empty())).hasToString(answer);
  }

  @Test
  void knowsNothingOfWhatItCannotReachOrUnderstand() throws Exception {
    challenge = "Negotiate";
    assertThat(ask(Optional.of(ANA))).isInstanceOf(RegistryAnswer.Unknown.class);

    challenge = "Bearer realm=\"ftp://elsewhere/\"";
    assertThat(ask(Optional.of(ANA))).isInstanceOf(RegistryAnswer.Unknown.class);

    server.stop(0);
    assertThat(ask(Optional.of(ANA))).isInstanceOf(RegistryAnswer.Unknown.class);
  }

  private RegistryAnswer ask(Optional<RegistryLogin> login) throws InterruptedException {
    ImageLocation image = new ImageLocation(host(), "team/web");
    return new PushPermission(http, image, login, false).ask();
  }

  private String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String shown = exchange.getRequestHeaders().getFirst("Authorization");
      switch (exchange.getRequestURI().getPath()) {
        case "/token" ->
            answer(
                exchange,
                basic("ana", "s3cret").equals(shown) ? 200 : 401,
                "{\"token\":\"of-ana\"}");
        case "/oauth" ->
            answer(
                exchange,
                form.contains("grant_type=refresh_token") && form.contains("refresh_token=long")
                    ? 200
                    : 400,
                "{\"access_token\":\"of-identity\"}");
        case "/refuse" ->
            answer(
                exchange, 401, DENIED.formatted("UNAUTHORIZED", "incorrect username or password"));
        case "/v2/" -> {
          exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
          answer(exchange, challenge.isEmpty() ? 200 : 401, "");
        }
        case "/v2/team/web/blobs/uploads/1" -> {
          holdDrop();
          answer(exchange, 204, "");
        }
        default -> {
          boolean let = accepted.isEmpty() || accepted.equals(shown);
          exchange.getResponseHeaders().set("Location", "/v2/team/web/blobs/uploads/1");
          answer(
              exchange,
              let ? uploadStatus : 401,
              let ? uploadBody : DENIED.formatted("UNAUTHORIZED", "authentication required"));
        }
      }
    }
  }

  private void holdDrop() {
    try {
      drop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
