package dev.slipway.hooks.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.crd.registry.RegistryLogin;
import dev.slipway.hooks.kube.PlainText;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A conversation with a registry about one repository, that shows the login as the registry wants.
 *
 * <p>Which scheme is spoken follows go-containerregistry, Kaniko's library: HTTPS, then plain HTTP
 * only for what is insecure or on a private network.
 */
final class RegistrySession {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_WORDS = 300;

  /** In bytes; a token of Azure takes some 4 KiB. */
  private static final int LONGEST_ANSWER = 256 << 10;

  /** Long enough for a busy server, which is not asked in plain only for being late. */
  private static final Duration SCHEME_LIMIT = Duration.ofSeconds(5);

  private static final Pattern LOOPBACK =
      Pattern.compile("(?:localhost|127\\.0\\.0\\.1|\\[::1])(?::\\d+)?");
  private static final Pattern PRIVATE =
      Pattern.compile(
          "(?:10\\.[0-9.]+|192\\.168\\.[0-9.]+|172\\.(?:1[6-9]|2[0-9]|3[01])\\.[0-9.]+"
              + "|[^:]*\\.local(?:host)?)(?::\\d+)?");

  private final HttpClient http;
  private final ImageLocation image;
  private final Optional<RegistryLogin> login;
  private final boolean insecure;
  private final URI repository;
  private final Optional<String> authorization;

  /** An answer that ends the conversation. */
  static final class AnsweredException extends Exception {
    private final transient RegistryAnswer answer;

    AnsweredException(RegistryAnswer answer) {
      super(answer.toString());
      this.answer = answer;
    }

    RegistryAnswer answer() {
      return answer;
    }
  }

  /**
   * Finds out how to speak to it and logs in.
   *
   * @param http follows no redirects, which would carry the login elsewhere
   * @param insecure whether plain HTTP will do
   */
  RegistrySession(
      HttpClient http, ImageLocation image, Optional<RegistryLogin> login, boolean insecure)
      throws IOException, InterruptedException, AnsweredException {
    this.http = http;
    this.image = image;
    this.login = login;
    this.insecure = insecure;
    HttpResponse<String> ping = ping();
    this.repository = ping.uri().resolve(image.repository() + "/");
    this.authorization = ping.statusCode() == 401 ? authorization(ping) : Optional.empty();
  }

  /** What the specification has below the repository, such as {@code blobs/uploads/}. */
  URI at(String path) {
    return repository.resolve(path);
  }

  /**
   * A request with the login, unless it goes to somebody else.
   *
   * @throws IOException if the registry has sent to where it is less safe
   */
  HttpRequest.Builder request(URI uri) throws IOException {
    requireAsSafe(uri);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    boolean same =
        repository.getScheme().equals(uri.getScheme())
            && repository.getAuthority().equals(uri.getAuthority());
    if (same) {
      authorization.ifPresent(it -> request.header("Authorization", it));
    }
    return request;
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(
        request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER));
  }

  /** Goes on at once: whether it did any good nobody needs to know. */
  void sendUnanswered(HttpRequest.Builder request) {
    var _ = http.sendAsync(request.build(), BodyHandlers.discarding());
  }

  /** For what a digest is computed of. */
  HttpResponse<byte[]> fetch(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(
        request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
  }

  /** By the first scheme that is answered; where another one follows, the first must be quick. */
  private HttpResponse<String> ping() throws IOException, InterruptedException {
    List<String> schemes = schemes();
    for (String scheme : schemes.subList(0, schemes.size() - 1)) {
      try {
        return send(root(scheme).timeout(SCHEME_LIMIT));
      } catch (IOException e) {
        // The next one tells.
      }
    }
    return send(root(schemes.getLast()));
  }

  private HttpRequest.Builder root(String scheme) {
    return HttpRequest.newBuilder(URI.create(scheme + "://" + apiHost() + "/v2/"));
  }

  /**
   * Where tokens and places for uploads are is the registry's word; one behind TLS could otherwise
   * have plain HTTP spoken with whatever else there is, the metadata of a cloud among it.
   */
  private void requireAsSafe(URI uri) throws IOException {
    if (!"https".equals(uri.getScheme()) && !repository.getScheme().equals(uri.getScheme())) {
      throw new IOException(
          "the registry sends to %s://%s".formatted(uri.getScheme(), uri.getAuthority()));
    }
  }

  private Optional<String> authorization(HttpResponse<String> ping)
      throws IOException, InterruptedException, AnsweredException {
    Challenge challenge =
        Challenge.best(ping.headers().allValues("WWW-Authenticate"))
            .orElseThrow(() -> new AnsweredException(unknown("GET", ping)));
    if (challenge.scheme().equals("basic")) {
      return login.filter(it -> !it.password().isEmpty()).map(RegistrySession::basic);
    }
    String given = login.map(RegistryLogin::registryToken).orElse("");
    return Optional.of("Bearer " + (given.isEmpty() ? token(challenge) : given));
  }

  /** By Docker's token specification, with the OAuth 2 variant for an identity token. */
  private String token(Challenge challenge)
      throws IOException, InterruptedException, AnsweredException {
    URI realm = URI.create(challenge.parameters().getOrDefault("realm", ""));
    requireAsSafe(realm);
    String query =
        "service=%s&scope=%s"
            .formatted(
                encoded(challenge.parameters().getOrDefault("service", "")),
                encoded("repository:" + image.repository() + ":pull,push"));
    String identity = login.map(RegistryLogin::identityToken).orElse("");
    HttpRequest.Builder request;
    if (identity.isEmpty()) {
      String joint = realm.getRawQuery() == null ? "?" : "&";
      request = HttpRequest.newBuilder(URI.create(realm + joint + query));
      login.ifPresent(it -> request.header("Authorization", basic(it)));
    } else {
      String form = "grant_type=refresh_token&client_id=slipway&refresh_token=" + encoded(identity);
      request =
          HttpRequest.newBuilder(realm)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(form + "&" + query));
    }
    HttpResponse<String> answer = send(request);
    JsonNode body = json(answer);
    String token = body.path("token").asText(body.path("access_token").asText(""));
    if (answer.statusCode() == 401 || answer.statusCode() == 403) {
      throw new AnsweredException(new RegistryAnswer.Denied(words(answer)));
    }
    if (answer.statusCode() != 200 || token.isEmpty()) {
      throw new AnsweredException(unknown(request.build().method(), answer));
    }
    return token;
  }

  private List<String> schemes() {
    if (LOOPBACK.matcher(image.host()).matches()) {
      return List.of("http");
    }
    return insecure || PRIVATE.matcher(image.host()).matches()
        ? List.of("https", "http")
        : List.of("https");
  }

  private String apiHost() {
    return image.host().equals(ImageLocation.DOCKER_HUB) ? "registry-1.docker.io" : image.host();
  }

  private static String basic(RegistryLogin login) {
    String text = login.user() + ":" + login.password();
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static RegistryAnswer unknown(String method, HttpResponse<String> answer) {
    return new RegistryAnswer.Unknown(
        "%s %s gave %d".formatted(method, answer.uri().getPath(), answer.statusCode()));
  }

  /** What it says about a refusal, one line. */
  static String words(HttpResponse<String> answer) {
    JsonNode error = error(answer);
    String words = (error.path("code").asText() + ": " + error.path("message").asText()).strip();
    String line = PlainText.oneLine(words.equals(":") ? answer.statusCode() + "" : words);
    return line.substring(0, Math.min(line.length(), LONGEST_WORDS)).replaceFirst("[.:\\s]+$", "");
  }

  static JsonNode error(HttpResponse<String> answer) {
    return json(answer).path("errors").path(0);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
