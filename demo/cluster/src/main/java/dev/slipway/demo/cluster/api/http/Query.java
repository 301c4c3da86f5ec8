package dev.slipway.demo.cluster.api.http;

import dev.slipway.demo.cluster.schema.Rejected;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parameters of a request's query; of one that comes twice the first counts. */
public record Query(Map<String, String> values) {
  public static Query parse(@Nullable String raw) {
    var values = new HashMap<String, String>();
    if (raw != null) {
      for (var pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        var name = decode(equals < 0 ? pair : pair.substring(0, equals));
        values.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return new Query(Map.copyOf(values));
  }

  /** Empty when it is not given. */
  public String text(String name) {
    return values.getOrDefault(name, "");
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public boolean isTrue(String name) {
    var value = text(name);
    return value.equals("true") || value.equals("1");
  }

  /**
   * A whole number.
   *
   * @throws Rejected 400 when it is something else
   */
  public Optional<Long> number(String name) {
    var value = text(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(value));
    } catch (NumberFormatException e) {
      throw Rejected.badRequest("strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
