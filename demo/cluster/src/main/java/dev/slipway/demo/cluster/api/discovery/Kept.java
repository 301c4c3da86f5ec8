package dev.slipway.demo.cluster.api.discovery;

import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.api.http.Reply;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/** Documents that clients keep: sent with their hash, and only while a client has another. */
final class Kept {
  private Kept() {}

  static Reply reply(ApiRequest request, String contentType, byte[] body, String caching) {
    var tag = '"' + hash(body) + '"';
    var headers = Map.of("Etag", tag, "Vary", "Accept", "Cache-Control", caching);
    return request.header("if-none-match").equals(tag)
        ? new Reply.Empty(304, headers)
        : new Reply.Bytes(200, contentType, body, headers);
  }

  static String hash(byte[] body) {
    try {
      var digest = MessageDigest.getInstance("SHA-512").digest(body);
      return HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-512", e);
    }
  }
}
