package dev.slipway.demo.cluster.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.image.RegistryFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks a registry the two questions that make failures early and clear. */
public final class RegistryClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final String MANIFESTS =
      "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
          + "application/vnd.docker.distribution.manifest.v2+json, "
          + "application/vnd.docker.distribution.manifest.list.v2+json";

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final RegistryCredentials credentials;

  public RegistryClient(RegistryCredentials credentials) {
    this.credentials = credentials;
  }

  /** Fails unless the image is there and may be read. */
  public void checkPull(ImageReference image, boolean plainHttp)
      throws RegistryFailure, InterruptedException {
    var url = url(image, plainHttp) + "/manifests/" + image.version();
    var response =
        send(image, HttpRequest.newBuilder(URI.create(url)).header("Accept", MANIFESTS), "pull");
    if (response.statusCode() == 404) {
      throw new RegistryFailure(Kind.NOT_FOUND, image.full() + ": not found");
    }
    failUnlessGood("GET " + url, response);
  }

  /** Fails unless the repository may be written, as found out by beginning an upload. */
  public void checkPush(ImageReference image, boolean plainHttp)
      throws RegistryFailure, InterruptedException {
    var url = url(image, plainHttp) + "/blobs/uploads/";
    var response =
        send(image, HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.noBody()), "push");
    failUnlessGood("POST " + url, response);
    var upload = response.headers().firstValue("Location");
    if (upload.isPresent()) {
      send(image, HttpRequest.newBuilder(URI.create(url).resolve(upload.get())).DELETE(), "push");
    }
  }

  /** Fails unless a registry answers there at all. */
  public void checkReachable(ImageReference image, boolean plainHttp)
      throws RegistryFailure, InterruptedException {
    exchange(HttpRequest.newBuilder(URI.create(root(image, plainHttp))).build());
  }

  private static void failUnlessGood(String request, HttpResponse<String> response)
      throws RegistryFailure {
    switch (response.statusCode()) {
      case 200, 201, 202 -> {}
      case 401, 403 ->
          throw new RegistryFailure(
              Kind.UNAUTHORIZED, request + ": UNAUTHORIZED: authentication required");
      default ->
          throw new RegistryFailure(
              Kind.OTHER, request + ": unexpected status code " + response.statusCode());
    }
  }

  private static String root(ImageReference image, boolean plainHttp) {
    var host = image.registry().equals("docker.io") ? "registry-1.docker.io" : image.registry();
    return (plainHttp ? "http://" : "https://") + host + "/v2/";
  }

  private static String url(ImageReference image, boolean plainHttp) {
    return root(image, plainHttp) + image.repository();
  }

  private HttpResponse<String> send(
      ImageReference image, HttpRequest.Builder request, String action)
      throws RegistryFailure, InterruptedException {
    var first = exchange(request.build());
    var challenge = first.headers().firstValue("WWW-Authenticate");
    if (first.statusCode() != 401 || challenge.isEmpty()) {
      return first;
    }
    var basic = credentials.basic(image.registry());
    if (challenge.get().startsWith("Bearer ")) {
      var token = token(challenge.get(), basic, image, action);
      return token.isEmpty()
          ? first
          : exchange(request.setHeader("Authorization", "Bearer " + token.get()).build());
    }
    return basic.isEmpty()
        ? first
        : exchange(request.setHeader("Authorization", "Basic " + basic.get()).build());
  }

  private Optional<String> token(
      String challenge, Optional<String> basic, ImageReference image, String action)
      throws RegistryFailure, InterruptedException {
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
        HttpRequest.newBuilder(
            URI.create(realm + "?service=" + encode(service) + "&scope=" + encode(scope)));
    basic.ifPresent(value -> request.header("Authorization", "Basic " + value));
    var response = exchange(request.build());
    if (response.statusCode() != 200) {
      return Optional.empty();
    }
    try {
      var tree = JSON.readTree(response.body());
      return Optional.of(tree.path("token").asText(tree.path("access_token").asText()));
    } catch (IOException e) {
      throw new RegistryFailure(Kind.OTHER, "GET " + realm + ": no token in the answer");
    }
  }

  private HttpResponse<String> exchange(HttpRequest request)
      throws RegistryFailure, InterruptedException {
    try {
      return http.send(request, BodyHandlers.ofString());
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
        case UnresolvedAddressException e -> {
          return noSuchHost(uri);
        }
        case UnknownHostException e -> {
          return noSuchHost(uri);
        }
        case SSLException e when String.valueOf(e.getMessage()).contains("plaintext") -> {
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
