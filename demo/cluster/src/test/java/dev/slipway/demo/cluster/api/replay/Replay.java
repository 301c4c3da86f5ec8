package dev.slipway.demo.cluster.api.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.demo.cluster.EmbeddedCluster;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Sends recorded requests and compares. What differs in every cluster (uids, versions, times) is
 * learned from the answers: the recorded value stands for the one that this cluster gave.
 */
final class Replay {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> LEARNED = Set.of("uid", "resourceVersion", "continue", "value");
  private static final Set<String> IGNORED =
      Set.of(
          "time",
          "creationTimestamp",
          "deletionTimestamp",
          "lastTransitionTime",
          "description",
          "storageVersionHash",
          "ca.crt");
  private static final Pattern WORD = Pattern.compile("[\\w-]+");
  private static final Pattern AGE = Pattern.compile("(\\d+[smhdy]){1,2}");
  private static final Pattern VERSION_PARAMETER =
      Pattern.compile("(resourceVersion|continue)=([^&]+)");

  private final HttpClient http;
  private final String url;
  private final String token;
  private final Map<String, String> learned = new HashMap<>();

  Replay(EmbeddedCluster cluster) throws Exception {
    this.http = HttpClient.newBuilder().sslContext(trusting(cluster.caCertificate())).build();
    this.url = cluster.apiUrl();
    this.token = cluster.client().getConfiguration().getOauthToken();
  }

  private static SSLContext trusting(String pem) throws Exception {
    var certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", certificate);
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  /** What differs, one line for each place; empty when the answers agree. */
  List<String> differences(Exchange exchange) throws Exception {
    var response = send(exchange);
    var differences = new ArrayList<String>();
    if (response.code() != exchange.status()) {
      differences.add(
          "status " + response.code() + " for " + exchange.status() + ": " + response.body());
      return differences;
    }
    var recorded = exchange.answer();
    if (recorded.isContainerNode() && !recorded.has("base64")) {
      var answer = parse(response.body());
      if (exchange.withoutManagedFields()) {
        dropManagedFields(answer);
        dropManagedFields(recorded);
      }
      compare("", recorded, answer, differences);
    }
    return differences;
  }

  /** Makes what the recorder had made before a section began. */
  void prepare(String section) throws Exception {
    try (var file = Replay.class.getResourceAsStream("fixtures.json")) {
      for (var fixture : JSON.readTree(file).path(section)) {
        var response =
            send(
                new Exchange(
                    "fixture",
                    "POST",
                    fixture.path("path").asText(),
                    Map.of("Content-Type", "application/json"),
                    fixture.path("body").toString(),
                    201,
                    fixture.path("body"),
                    false));
        if (response.code() != 201) {
          throw new IllegalStateException("Cannot prepare " + section + ": " + response.body());
        }
      }
    }
  }

  private record Response(int code, String body) {}

  private Response send(Exchange exchange) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(url + translatedPath(exchange.path())))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + token)
            .header("User-Agent", "example-client/1.0");
    exchange.headers().forEach(request::setHeader);
    var body = exchange.body().isEmpty() ? "" : translated(exchange.body());
    request.method(
        exchange.method(),
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body));
    var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Response(response.statusCode(), response.body());
  }

  private String translatedPath(String path) {
    return VERSION_PARAMETER
        .matcher(path)
        .replaceAll(
            found -> found.group(1) + "=" + learned.getOrDefault(found.group(2), found.group(2)))
        .replace(" ", "%20");
  }

  private String translated(String body) {
    try {
      var tree = JSON.readTree(body);
      var translated = tree.deepCopy();
      translate(translated);
      // The body as it was written, where nothing in it has to be translated.
      return translated.equals(tree) ? body : translated.toString();
    } catch (JsonProcessingException e) {
      // Malformed on purpose.
      return body;
    }
  }

  private void translate(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (var field : Set.copyOf(object.properties())) {
        var known = learned.get(field.getValue().asText());
        if (LEARNED.contains(field.getKey()) && known != null) {
          object.set(field.getKey(), TextNode.valueOf(known));
        }
      }
    }
    node.forEach(this::translate);
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(body);
    }
  }

  private static void dropManagedFields(JsonNode node) {
    if (node instanceof ObjectNode object && object.path("metadata") instanceof ObjectNode meta) {
      meta.remove("managedFields");
    }
    node.forEach(Replay::dropManagedFields);
  }

  private void compare(String at, JsonNode recorded, JsonNode answer, List<String> differences) {
    if (at.endsWith(".managedFields")) {
      compareManagers(at, recorded, answer, differences);
    } else if (recorded.isObject() && answer.isObject()) {
      for (var field : recorded.properties()) {
        compareField(
            at + "." + field.getKey(), field.getKey(), field.getValue(), answer, differences);
      }
      for (var field : answer.properties()) {
        if (!recorded.has(field.getKey()) && !IGNORED.contains(field.getKey())) {
          differences.add(at + "." + field.getKey() + " is not in the recording");
        }
      }
    } else if (recorded.isArray() && answer.isArray() && recorded.size() == answer.size()) {
      for (int i = 0; i < recorded.size(); i++) {
        compare(at + "[" + i + "]", recorded.get(i), answer.get(i), differences);
      }
    } else if (!same(recorded, answer)) {
      differences.add(at + ": " + shortened(answer) + " for " + shortened(recorded));
    }
  }

  /** The order of managers goes by their times, which are not those of the recording. */
  private void compareManagers(
      String at, JsonNode recorded, JsonNode answer, List<String> differences) {
    var expected = sorted(recorded);
    var given = sorted(answer);
    if (expected.size() != given.size()) {
      differences.add(at + ": " + shortened(answer) + " for " + shortened(recorded));
      return;
    }
    for (int i = 0; i < expected.size(); i++) {
      compare(at + "[" + i + "]", expected.get(i), given.get(i), differences);
    }
  }

  private static List<JsonNode> sorted(JsonNode managers) {
    return StreamSupport.stream(managers.spliterator(), false)
        .sorted(
            Comparator.comparing(
                each ->
                    each.path("manager").asText()
                        + each.path("operation").asText()
                        + each.path("subresource").asText()))
        .toList();
  }

  private void compareField(
      String at, String name, JsonNode recorded, JsonNode parent, List<String> differences) {
    var answer = parent.path(name);
    if (LEARNED.contains(name)
        && !recorded.asText().isEmpty()
        && recorded.isTextual()
        && answer.isTextual()) {
      learned.put(recorded.asText(), answer.asText());
    } else if (IGNORED.contains(name)) {
      if (answer.isMissingNode()) {
        differences.add(at + " is missing");
      }
    } else {
      compare(at, recorded, answer, differences);
    }
  }

  /** Texts are the same when they are so after what has been learned is put in. */
  private boolean same(JsonNode recorded, JsonNode answer) {
    if (recorded.equals(answer) || AGE.matcher(recorded.asText()).matches()) {
      return true;
    }
    var expected =
        WORD.matcher(recorded.asText())
            .replaceAll(word -> learned.getOrDefault(word.group(), word.group()));
    return recorded.isTextual() && answer.isTextual() && expected.equals(answer.asText());
  }

  private static String shortened(JsonNode node) {
    var text = node.isMissingNode() ? "nothing" : node.toString();
    return text.length() > 160 ? text.substring(0, 160) + "…" : text;
  }
}
