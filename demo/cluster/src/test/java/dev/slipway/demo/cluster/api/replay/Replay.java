package dev.slipway.demo.cluster.api.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.slipway.demo.cluster.EmbeddedCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;

/** Sends the recorded requests of a section in their order, and has the answers judged. */
final class Replay {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern VERSION = Pattern.compile("(resourceVersion|continue)=([^&]+)");
  private static final Pattern WORD = Pattern.compile("[\\w-]{5,}");

  private final HttpClient http;
  private final String url;
  private final String token;
  private final JsonNode steps;
  private final KnownDifferences known;
  private final Comparison comparison = new Comparison();
  private final Map<String, WatchStream> open = new HashMap<>();
  private boolean anonymous;

  Replay(EmbeddedCluster cluster, KnownDifferences known) throws Exception {
    this.http = HttpClient.newBuilder().sslContext(trusting(cluster.caCertificate())).build();
    this.url = cluster.apiUrl();
    cluster.kubectl().run("create", "serviceaccount", "replay", "--namespace=kube-system");
    cluster
        .kubectl()
        .run(
            "create",
            "clusterrolebinding",
            "replay",
            "--clusterrole=cluster-admin",
            "--serviceaccount=kube-system:replay");
    this.token = cluster.tokenFor("kube-system", "replay");
    this.known = known;
    try (var file = Replay.class.getResourceAsStream("steps.yaml")) {
      this.steps = new YAMLMapper().readTree(file);
    }
  }

  private static SSLContext trusting(String pem) throws GeneralSecurityException, IOException {
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

  void section(String section) throws Exception {
    section(section, _ -> true);
  }

  void section(String section, Predicate<Exchange> wanted) throws Exception {
    var exchanges = new HashMap<String, Exchange>();
    var inOrder = Recordings.exchanges(section).stream().filter(wanted).toList();
    inOrder.forEach(each -> exchanges.put(each.name(), each));
    for (var name : steps.properties().stream().map(Map.Entry::getKey).toList()) {
      if (name.startsWith(section + "/") && !exchanges.containsKey(name)) {
        throw new IllegalStateException("steps.yaml: no such recording: " + name);
      }
    }
    prepare(steps.path(section), exchanges);
    for (var exchange : inOrder) {
      prepare(steps.path(exchange.name()), exchanges);
      if (known.leavesOut(exchange.name()).isEmpty()) {
        known.judge(
            exchange.name(),
            exchange.isWatch()
                ? watched(exchange)
                : comparison.differences(exchange, answer(exchange.request())));
      }
      anonymous = false;
    }
  }

  /** What the recorder did without recording it, and which watches it opened earlier. */
  private void prepare(JsonNode steps, Map<String, Exchange> exchanges) throws Exception {
    for (var step : steps) {
      var one = step.properties().iterator().next();
      switch (one.getKey()) {
        case "open" -> open(Objects.requireNonNull(exchanges.get(one.getValue().asText())));
        case "now" -> comparison.learn(one.getValue().asText(), presentVersion());
        case "anonymous" -> anonymous = true;
        default -> {
          var parts = one.getKey().split(" ", 2);
          var request = Exchange.Request.of(parts[0], parts[1], one.getValue());
          // A new namespace has no ServiceAccount yet, and so far refuses pods; a real API server
          // makes the documents of a new kind in its own time.
          var answer =
              Awaitility.await()
                  .until(() -> answer(request), it -> it.status() != 403 && it.status() != 404);
          if (answer.status() >= 300) {
            throw new IllegalStateException(one.getKey() + ": " + answer.body());
          }
          comparison.learn(
              one.getValue().at("/metadata/uid").asText(),
              answer.body().at("/metadata/uid").asText());
          if (parts[1].equals("/api/v1/namespaces")) {
            awaitOwnObjects(parts[1] + "/" + answer.body().at("/metadata/name").asText());
          }
        }
      }
    }
  }

  /** What a controller puts into a new namespace must not come between what is compared. */
  private void awaitOwnObjects(String namespace) {
    var account =
        Exchange.Request.of("GET", namespace + "/serviceaccounts/default", JSON.nullNode());
    Awaitility.await().until(() -> answer(account).status() == 200);
  }

  private String presentVersion() throws Exception {
    var list = answer(Exchange.Request.of("GET", "/api/v1/nodes", JSON.nullNode()));
    return list.body().at("/metadata/resourceVersion").asText();
  }

  private WatchStream open(Exchange watch) throws Exception {
    var version = VERSION.matcher(watch.request().path());
    if (version.find()
        && version.group(2).length() > 1
        && version.group(2).length() < 6
        && !comparison.knows(version.group(2))) {
      comparison.learn(version.group(2), presentVersion());
    }
    var stream =
        new WatchStream(
            http.send(built(watch.request()), HttpResponse.BodyHandlers.ofInputStream()));
    open.put(watch.name(), stream);
    return stream;
  }

  private List<Comparison.Difference> watched(Exchange watch) throws Exception {
    var opened = open.get(watch.name());
    try (var stream = opened == null ? open(watch) : opened) {
      var expected = comparison.visible(watch, watch.answer().events());
      var events = stream.events(so -> isAll(comparison.visible(watch, so), expected));
      var differences = comparison.differences(watch, answered(stream.response(), new byte[0]));
      differences.addAll(comparison.events(watch, events));
      return differences;
    }
  }

  /** As many as were recorded; after an object's deletion at the end no more of them come. */
  private static boolean isAll(List<JsonNode> events, List<JsonNode> expected) {
    return events.size() >= expected.size()
        || (isDeletion(expected.getLast())
            && events.stream().filter(Replay::isDeletion).count()
                == expected.stream().filter(Replay::isDeletion).count());
  }

  private static boolean isDeletion(JsonNode event) {
    return event.path("type").asText().equals("DELETED");
  }

  private Exchange.Answer answer(Exchange.Request request) throws Exception {
    var response = http.send(built(request), HttpResponse.BodyHandlers.ofByteArray());
    return answered(response, response.body());
  }

  private static Exchange.Answer answered(HttpResponse<?> response, byte[] body) {
    var headers = new HashMap<String, List<String>>();
    for (var name :
        List.of("Content-Type", "Cache-Control", "Retry-After", "Vary", "Warning", "Etag")) {
      var values = response.headers().allValues(name);
      if (!values.isEmpty()) {
        headers.put(name, values);
      }
    }
    var type = response.headers().firstValue("Content-Type").orElse("");
    return new Exchange.Answer(
        response.statusCode(), headers, Bodies.decoded(type, body), List.of());
  }

  private HttpRequest built(Exchange.Request recorded) {
    var path =
        VERSION
            .matcher(recorded.path())
            .replaceAll(found -> found.group(1) + "=" + comparison.translated(found.group(2)));
    path = translatedWords(path);
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofMinutes(5))
            .header("User-Agent", "example-client/1.0");
    if (!anonymous) {
      request.header("Authorization", "Bearer " + token);
    }
    recorded.headers().forEach((name, value) -> request.setHeader(name, translatedWords(value)));
    return request.method(recorded.method(), body(recorded)).build();
  }

  private String translatedWords(String text) {
    return WORD.matcher(text).replaceAll(word -> comparison.translated(word.group()));
  }

  private HttpRequest.BodyPublisher body(Exchange.Request recorded) {
    return HttpRequest.BodyPublishers.ofByteArray(
        translated(recorded.body()).orElse(recorded.body()));
  }

  /** Empty where nothing has to be translated: the body then goes out as it was written. */
  private Optional<byte[]> translated(byte[] body) {
    try {
      var tree = JSON.readTree(body);
      var translated = tree.deepCopy();
      comparison.translate(translated);
      return translated.equals(tree)
          ? Optional.empty()
          : Optional.of(translated.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty(); // not JSON, or malformed on purpose
    }
  }
}
