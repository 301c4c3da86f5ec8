package dev.slipway.demo.cluster.api.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes and checks the signed tokens (JWT) of ServiceAccounts; nothing else can check them. */
public final class Tokens {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecretKeySpec key;
  private final InstantSource clock;

  public Tokens(InstantSource clock) {
    var secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, ALGORITHM);
    this.clock = clock;
  }

  /** Signs claims, which hold {@code exp} in seconds since 1970. */
  public String sign(ObjectNode claims) {
    var header = Json.object().put("alg", "HS256").put("typ", "JWT");
    var content =
        ENCODER.encodeToString(Json.bytes(header))
            + "."
            + ENCODER.encodeToString(Json.bytes(claims));
    return content + "." + ENCODER.encodeToString(signature(content));
  }

  /** The claims of a token that this cluster made and that has not expired. */
  public Optional<JsonNode> verify(String token) {
    int end = token.lastIndexOf('.');
    int begin = token.indexOf('.');
    if (begin < 0 || begin == end) {
      return Optional.empty();
    }
    try {
      var given = Base64.getUrlDecoder().decode(token.substring(end + 1));
      if (!MessageDigest.isEqual(given, signature(token.substring(0, end)))) {
        return Optional.empty();
      }
      var claims = Json.read(Base64.getUrlDecoder().decode(token.substring(begin + 1, end)));
      boolean valid = claims.path("exp").asLong() > clock.instant().getEpochSecond();
      return valid ? Optional.of(claims) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private byte[] signature(String content) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
    }
  }
}
