package dev.slipway.demo.cluster.api.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.http.StatusError;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out who sent a request, by its bearer token. */
public final class Authenticator {
  private static final ResourceName SERVICE_ACCOUNTS = new ResourceName("", "serviceaccounts");
  private static final ResourceName PODS = new ResourceName("", "pods");
  private static final String BEARER = "Bearer ";

  private final String adminToken;
  private final Tokens tokens;
  private final Store store;

  public Authenticator(String adminToken, Tokens tokens, Store store) {
    this.adminToken = adminToken;
    this.tokens = tokens;
    this.store = store;
  }

  /**
   * The user, anonymous when the request names none.
   *
   * @throws StatusError 401 for a token that is not or no longer valid
   */
  public User user(ApiRequest request) {
    var header = request.header("authorization");
    if (!header.startsWith(BEARER)) {
      return User.ANONYMOUS;
    }
    return byToken(header.substring(BEARER.length()).strip())
        .orElseThrow(StatusError::unauthorized);
  }

  /** Whose token it is; empty when it is nobody's. */
  public Optional<User> byToken(String token) {
    if (MessageDigest.isEqual(
        token.getBytes(StandardCharsets.UTF_8), adminToken.getBytes(StandardCharsets.UTF_8))) {
      return Optional.of(User.ADMIN);
    }
    return tokens.verify(token).flatMap(this::serviceAccount);
  }

  /** A token dies with its ServiceAccount and with the pod that it was made for. */
  private Optional<User> serviceAccount(JsonNode claims) {
    var bound = claims.path("kubernetes.io");
    var namespace = bound.path("namespace").asText();
    var account = bound.path("serviceaccount");
    if (!exists(SERVICE_ACCOUNTS, namespace, account)) {
      return Optional.empty();
    }
    var pod = bound.path("pod");
    if (pod.isObject() && !exists(PODS, namespace, pod)) {
      return Optional.empty();
    }
    Map<String, List<String>> extra =
        pod.isObject()
            ? Map.of(
                "authentication.kubernetes.io/pod-name", List.of(pod.path("name").asText()),
                "authentication.kubernetes.io/pod-uid", List.of(pod.path("uid").asText()))
            : Map.of();
    return Optional.of(
        User.serviceAccount(
            namespace, account.path("name").asText(), account.path("uid").asText(), extra));
  }

  private boolean exists(ResourceName resource, String namespace, JsonNode reference) {
    return store
        .get(new Key(resource, namespace, reference.path("name").asText()))
        .filter(found -> found.uid().equals(reference.path("uid").asText()))
        .isPresent();
  }
}
