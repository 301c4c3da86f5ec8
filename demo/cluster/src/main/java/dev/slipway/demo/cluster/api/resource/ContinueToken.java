package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.schema.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the next page of a list begins.
 *
 * @param revision of the first page, or negative to go on with the objects as they are now
 * @param after the last object that has been listed, as {@code namespace/name}
 */
record ContinueToken(long revision, String after) {
  private static final String VERSION = "meta.k8s.io/v1";

  static ContinueToken parse(String text) {
    try {
      JsonNode token = Json.read(Base64.getUrlDecoder().decode(text));
      if (!token.path("v").asText().equals(VERSION)) {
        throw invalid("server does not recognize this encoded version");
      }
      var start = token.path("start").asText();
      return new ContinueToken(token.path("rv").asLong(), start.substring(0, start.length() - 1));
    } catch (IOException | IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw invalid("invalid character 'i' looking for beginning of value");
    }
  }

  private static Rejected invalid(String why) {
    return Rejected.badRequest("invalid continue token: continue key is not valid: " + why);
  }

  String text() {
    var token = Json.object().put("v", VERSION).put("rv", revision).put("start", after + "\0");
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            new String(Json.bytes(token), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
  }
}
