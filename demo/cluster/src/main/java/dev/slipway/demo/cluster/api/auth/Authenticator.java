package dev.slipway.demo.cluster.api.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.pki.CertificateAuthority;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds out who sent a request, by its client certificate or its bearer token. */
public record Authenticator(
    CertificateAuthority authority, Tokens tokens, Store store, InstantSource clock) {
  private static final ResourceName SERVICE_ACCOUNTS = new ResourceName("", "serviceaccounts");
  private static final ResourceName PODS = new ResourceName("", "pods");
  private static final String CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";
  private static final String BEARER = "Bearer ";

  /**
   * The user, anonymous when the request names none. A valid certificate counts more than a token.
   *
   * @throws Rejected 401 when neither what it names is or is still valid
   */
  public User user(ApiRequest request) {
    var certificate = request.certificate();
    var header = request.header("authorization");
    boolean hasToken = header.startsWith(BEARER);
    if (certificate.isEmpty() && !hasToken) {
      return User.ANONYMOUS;
    }
    return certificate
        .flatMap(this::byCertificate)
        .or(() -> hasToken ? byToken(header.substring(BEARER.length()).strip()) : Optional.empty())
        .orElseThrow(Rejected::unauthorized);
  }

  private Optional<User> byCertificate(X509Certificate certificate) {
    return authority
        .subject(certificate, clock.instant())
        .map(
            subject -> {
              var groups = new ArrayList<>(subject.organizations());
              groups.add(User.AUTHENTICATED);
              return new User(
                  subject.commonName(),
                  "",
                  List.copyOf(groups),
                  Map.of(CREDENTIAL_ID, List.of("X509SHA256=" + subject.fingerprint())));
            });
  }

  /** Whose token it is; empty when it is nobody's. */
  public Optional<User> byToken(String token) {
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
    var extra = new TreeMap<String, List<String>>();
    extra.put(CREDENTIAL_ID, List.of("JTI=" + claims.path("jti").asText()));
    if (pod.isObject()) {
      extra.put("authentication.kubernetes.io/pod-name", List.of(pod.path("name").asText()));
      extra.put("authentication.kubernetes.io/pod-uid", List.of(pod.path("uid").asText()));
    }
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
