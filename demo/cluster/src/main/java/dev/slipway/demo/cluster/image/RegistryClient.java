package dev.slipway.demo.cluster.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.image.RegistryFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a registry the two questions that make failures early and clear. With the JDK's old HTTP
 * client, which a process that asks once has ready half a second sooner than the new one.
 */
public record RegistryClient(RegistryCredentials credentials) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final String MANIFESTS =
      "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
          + "application/vnd.docker.distribution.manifest.v2+json, "
          + "application/vnd.docker.distribution.manifest.list.v2+json";

  private static final int CONNECT_LIMIT_MILLIS = 10_000;

  private record Request(String method, URI uri, Map<String, String> headers) {
    static Request of(String method, String url) {
      return new Request(method, URI.create(url), Map.of());
    }

    Request with(String header, String value) {
      var all = new HashMap<>(headers);
      all.put(header, value);
      return new Request(method, uri, all);
    }
  }

  private record Answer(
      int status, Optional<String> location, Optional<String> challenge, String body) {}

  /** Fails unless the image is there and may be read. */
  public void checkPull(ImageReference image, boolean plainHttp) throws RegistryFailure {
    var url = url(image, plainHttp) + "/manifests/" + image.version();
    var answer = send(image, Request.of("GET", url).with("Accept", MANIFESTS), "pull");
    if (answer.status() == 404) {
      throw new RegistryFailure(Kind.NOT_FOUND, image.full() + ": not found");
    }
    failUnlessGood("GET " + url, answer);
  }

  /** Fails unless the repository may be written, as found out by beginning an upload. */
  public void checkPush(ImageReference image, boolean plainHttp) throws RegistryFailure {
    var url = url(image, plainHttp) + "/blobs/uploads/";
    var answer = send(image, Request.of("POST", url), "push");
    failUnlessGood("POST " + url, answer);
    if (answer.location().isPresent()) {
      var upload = URI.create(url).resolve(answer.location().get());
      send(image, new Request("DELETE", upload, Map.of()), "push");
    }
  }

  /** Fails unless a registry answers there at all. */
  public void checkReachable(ImageReference image, boolean plainHttp) throws RegistryFailure {
    exchange(Request.of("GET", root(image, plainHttp)));
  }

  private static void failUnlessGood(String request, Answer answer) throws RegistryFailure {
    switch (answer.status()) {
      case 200, 201, 202 -> {}
      case 401, 403 ->
          throw new RegistryFailure(
              Kind.UNAUTHORIZED, request + ": UNAUTHORIZED: authentication required");
      default ->
          throw new RegistryFailure(
              Kind.OTHER, request + ": unexpected status code " + answer.status());
    }
  }

  private static String root(ImageReference image, boolean plainHttp) {
    var host = image.registry().equals("docker.io") ? "registry-1.docker.io" : image.registry();
    return (plainHttp ? "http://" : "https://") + host + "/v2/";
  }

  private static String url(ImageReference image, boolean plainHttp) {
    return root(image, plainHttp) + image.repository();
  }

  private Answer send(ImageReference image, Request request, String action) throws RegistryFailure {
    var first = exchange(request);
    if (first.status() != 401 || first.challenge().isEmpty()) {
      return first;
    }
    var basic = credentials.basic(image.registry());
    if (first.challenge().get().startsWith("Bearer ")) {
      var token = token(first.challenge().get(), basic, image, action);
      return token.isEmpty()
          ? first
          : exchange(request.with("Authorization", "Bearer " + token.get()));
    }
    return basic.isEmpty()
        ? first
        : exchange(request.with("Authorization", "Basic " + basic.get()));
  }

  private Optional<String> token(
      String challenge, Optional<String> basic, ImageReference image, String action)
      throws RegistryFailure {
    var realm = "";
    var service = "";
    var parameters = PARAMETER.matcher(challenge);
    while (parameters.find()) {
      switch (parameters.group(1)) {
        case "realm" -> realm = parameters.group(2);
        case "service" -> service = parameters.group(2);
        default -> {}
      }
    }
    var scope =
        "repository:" + image.repository() + ":pull" + (action.equals("push") ? ",push" : "");
    var request =
        Request.of("GET", realm + "?service=" + encode(service) + "&scope=" + encode(scope));
    var answer =
        exchange(
            basic.map(value -> request.with("Authorization", "Basic " + value)).orElse(request));
    if (answer.status() != 200) {
      return Optional.empty();
    }
    try {
      var tree = JSON.readTree(answer.body());
      return Optional.of(tree.path("token").asText(tree.path("access_token").asText()));
    } catch (IOException e) {
      throw new RegistryFailure(Kind.OTHER, "GET " + realm + ": no token in the answer");
    }
  }

  private static Answer exchange(Request request) throws RegistryFailure {
    try {
      var http = (HttpURLConnection) request.uri().toURL().openConnection();
      http.setConnectTimeout(CONNECT_LIMIT_MILLIS);
      http.setRequestMethod(request.method());
      request.headers().forEach(http::setRequestProperty);
      if (request.method().equals("POST")) {
        http.setDoOutput(true);
        http.getOutputStream().close();
      }
      int status = http.getResponseCode();
      var body = status < 400 ? http.getInputStream() : http.getErrorStream();
      return new Answer(
          status,
          Optional.ofNullable(http.getHeaderField("Location")),
          Optional.ofNullable(http.getHeaderField("WWW-Authenticate")),
          body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      var method =
          request.method().charAt(0) + request.method().substring(1).toLowerCase(Locale.ROOT);
      throw new RegistryFailure(
          Kind.UNREACHABLE,
          "%s \"%s\": %s".formatted(method, request.uri(), reason(request.uri(), e)));
    }
  }

  private static String reason(URI uri, IOException failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException e -> {
          return noSuchHost(uri);
        }
        case SSLException e when String.valueOf(e.getMessage()).contains("unrecognized") -> {
          return "http: server gave HTTP response to HTTPS client";
        }
        case SSLException e -> {
          return "tls: failed to verify certificate: " + e.getMessage();
        }
        default -> {}
      }
    }
    return failure instanceof ConnectException
        ? "dial tcp %s:%d: connect: connection refused".formatted(uri.getHost(), port(uri))
        : String.valueOf(failure.getMessage());
  }

  private static String noSuchHost(URI uri) {
    return "dial tcp: lookup " + uri.getHost() + ": no such host";
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
