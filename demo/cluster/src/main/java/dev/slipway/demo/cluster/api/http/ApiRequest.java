package dev.slipway.demo.cluster.api.http;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One HTTP request.
 *
 * @param path decoded segments without empty ones
 * @param headers by lower-case name, the first value of each
 * @param certificate what the client has shown in the TLS handshake, not verified yet
 * @param warn takes texts for {@code Warning} headers, as long as the answer has not begun
 */
@SuppressWarnings("ArrayRecordComponent") // Requests are never compared.
public record ApiRequest(
    String method,
    List<String> path,
    Query query,
    Map<String, List<String>> headers,
    byte[] body,
    Optional<X509Certificate> certificate,
    Consumer<String> warn) {

  /** Empty when it is not there. */
  public String header(String lowerCaseName) {
    var values = headers.get(lowerCaseName);
    return values == null ? "" : values.getFirst();
  }

  public List<String> allHeaders(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, List.of());
  }

  public Accept accept() {
    return Accept.parse(header("accept"));
  }
}
