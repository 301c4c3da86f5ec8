package dev.slipway.demo.cluster.api.logs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import dev.slipway.demo.cluster.tls.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks the kubelets of nodes, at the addresses in their status, as the real API server does. */
public final class Kubelets implements AutoCloseable {
  private static final ResourceName NODES = new ResourceName("", "nodes");
  private static final int PIECE = 16 * 1024;

  private final Store store;
  private final HttpClient http;

  /**
   * Knows the nodes in the store.
   *
   * @param identity of this API server as a client
   */
  public Kubelets(Store store, TlsIdentity identity) {
    this.store = store;
    this.http =
        HttpClient.newBuilder()
            .sslContext(identity.context())
            .connectTimeout(Duration.ofSeconds(60))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /** Copies what the kubelet of the pod's node has at the path, piece by piece, to its end. */
  void copy(String node, ApiObject pod, String path, String query, OutputStream to)
      throws IOException, InterruptedException {
    var answer = ask(uri(node, path, query));
    try (var log = answer.body()) {
      if (answer.statusCode() != 200) {
        throw refusal(answer.statusCode(), new String(log.readAllBytes(), StandardCharsets.UTF_8));
      }
      to.flush();
      var piece = new byte[PIECE];
      int count;
      while ((count = log.read(piece)) >= 0) {
        to.write(piece, 0, count);
        to.flush();
      }
    }
  }

  private HttpResponse<InputStream> ask(URI uri) throws InterruptedException {
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw Rejected.of(500, "InternalError", "Get \"" + uri + "\": " + e.getMessage());
    }
  }

  private URI uri(String name, String path, String query) {
    var node =
        store.get(new Key(NODES, "", name)).orElseThrow(() -> Rejected.notFound(NODES, name));
    for (JsonNode address : node.at("/status/addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        try {
          return new URI(
              "https",
              null,
              address.path("address").asText(),
              node.at("/status/daemonEndpoints/kubeletEndpoint/Port").asInt(10250),
              path,
              query.isEmpty() ? null : query,
              null);
        } catch (URISyntaxException e) {
          throw Rejected.of(500, "InternalError", "Internal error occurred: " + e.getMessage());
        }
      }
    }
    throw Rejected.of(
        500,
        "InternalError",
        "Internal error occurred: no preferred addresses found; known addresses: []");
  }

  private static Rejected refusal(int code, String text) {
    return switch (code) {
      case 400 -> Rejected.badRequest(text);
      case 404 -> Rejected.of(404, "NotFound", text);
      default -> Rejected.of(500, "InternalError", "Internal error occurred: " + text);
    };
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
