package dev.slipway.hooks.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.hooks.TestConfig;
import dev.slipway.hooks.TlsRegistry;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.registry.ImageTags.Tag;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A registry that would have gitd, or the container that pushes, ask somebody else in its name. */
class RegistryElsewhereTest {
  private static final String UPLOADS = "/v2/team/web/blobs/uploads/";

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> askedElsewhere = Collections.synchronizedList(new ArrayList<>());
  private final KubernetesClient unused = new KubernetesClientBuilder().build();
  private final RegistryAccesses accesses =
      new RegistryAccesses(unused, new ApiCalls(Clock.systemUTC(), Duration.ZERO));
  @TempDir private Path files;
  private HttpServer registry;
  private HttpServer elsewhere;
  private String redirected = "";
  private String challenge = "";

  @BeforeEach
  void start() throws IOException {
    elsewhere = server();
    elsewhere.createContext(
        "/",
        exchange -> {
          askedElsewhere.add(exchange.getRequestURI().toString());
          answer(exchange, 200);
        });
    registry = server();
    registry.createContext("/", this::handle);
    registry.start();
    elsewhere.start();
  }

  @AfterEach
  void stop() {
    registry.stop(0);
    elsewhere.stop(0);
    unused.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/", "/token", UPLOADS})
  void redirectIsNotFollowedWhenItIsAskedWhetherItTakesAnImage(String path) throws Exception {
    challenge =
        path.equals("/token") ? "Bearer realm=\"http://%s/token\"".formatted(host(registry)) : "";
    redirected = path;

    RegistryAnswer answer =
        new PushPermission(http(host(registry), false), image(), Optional.empty(), false).ask();

    assertThat(asked).contains(path);
    assertThat(answer)
        .isInstanceOf(
            path.equals("/v2/") ? RegistryAnswer.Allowed.class : RegistryAnswer.Unknown.class);
    assertThat(askedElsewhere).isEmpty();
  }

  @Test
  void redirectIsNotFollowedWhenAnImageIsTagged() throws Exception {
    String digest = "sha256:" + "0".repeat(64);
    redirected = "/v2/team/web/manifests/" + digest;

    Set<Tag> added =
        new ImageTags(accesses, Duration.ofMinutes(1))
            .add(
                TestConfig.of().registry(ImageRegistry.open(host(registry))).build(),
                Set.of(new Tag(host(registry) + "/team/web:1", digest)));

    assertThat(added).isEmpty();
    assertThat(asked).contains(redirected);
    assertThat(askedElsewhere).isEmpty();
  }

  @Test
  void redirectIsNotFollowedWhenAnImageIsPushed() throws Exception {
    redirected = UPLOADS;

    int exit =
        new CommandLine(new PushImage())
            .execute(
                "--archive=" + archive(),
                "--image=" + host(registry) + "/team/web:1",
                "--termination-log=" + files.resolve("said"));

    assertThat(exit).isEqualTo(1);
    assertThat(files.resolve("said")).content().contains("the registry refuses the push", "307");
    assertThat(askedElsewhere).isEmpty();
  }

  @Test
  void registryBehindTlsSendsNobodyToPlainHttp() throws Exception {
    challenge = "Bearer realm=\"http://%s/token\"".formatted(host(elsewhere));
    try (var tls = TlsRegistry.answering(files, this::handle)) {
      var location = new ImageLocation(tls.host(), "team/web");
      HttpClient http = http(tls.host(), true);

      assertThat(new PushPermission(http, location, Optional.empty(), true).ask())
          .hasToString(
              "Unknown[why=java.io.IOException: the registry sends to http://%s]"
                  .formatted(host(elsewhere)));

      challenge = "";
      var session = new RegistrySession(http, location, Optional.empty(), true);
      URI upload = URI.create("http://" + host(elsewhere) + "/upload");
      assertThatIOException().isThrownBy(() -> session.request(upload));
    }
    assertThat(askedElsewhere).isEmpty();
  }

  /** The one that gitd asks with. */
  private HttpClient http(String host, boolean insecure) throws Exception {
    return accesses
        .open("default", new ImageRegistry(host, host, null, null, null, insecure))
        .http();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    if (path.equals(redirected)) {
      exchange
          .getResponseHeaders()
          .set("Location", "http://" + host(elsewhere) + "/latest/meta-data");
      answer(exchange, 307);
    } else if (path.equals("/v2/") && !challenge.isEmpty()) {
      exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
      answer(exchange, 401);
    } else {
      answer(exchange, path.equals(UPLOADS) ? 202 : path.equals("/v2/") ? 200 : 404);
    }
  }

  private static HttpServer server() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  private ImageLocation image() {
    return new ImageLocation(host(registry), "team/web");
  }

  private static String host(HttpServer server) {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private Path archive() throws IOException {
    Path file = files.resolve("image.tar");
    try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      add(tar, "config", "{}");
      add(tar, "layer.tar", "layer");
      add(tar, "manifest.json", "[{\"Config\": \"config\", \"Layers\": [\"layer.tar\"]}]");
    }
    return file;
  }

  private static void add(TarArchiveOutputStream tar, String name, String content)
      throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(content.length());
    tar.putArchiveEntry(entry);
    tar.write(content.getBytes(UTF_8));
    tar.closeArchiveEntry();
  }
}
