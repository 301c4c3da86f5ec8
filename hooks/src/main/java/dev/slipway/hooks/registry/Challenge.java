package dev.slipway.hooks.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry wants to be shown a login, as its {@code WWW-Authenticate} says (RFC 9110).
 *
 * @param scheme in lower case
 * @param parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern PARAMETER =
      // Possessive: otherwise a long value takes a stack as deep.
      Pattern.compile("\\b([A-Za-z_]++)\\s*+=\\s*+(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^\\s,\"]++))");

  /** The one of several that can be met: tokens before passwords. */
  static Optional<Challenge> best(List<String> headers) {
    List<Challenge> all = headers.stream().map(Challenge::parse).toList();
    return all.stream()
        .filter(it -> it.scheme().equals("bearer"))
        .findFirst()
        .or(() -> all.stream().filter(it -> it.scheme().equals("basic")).findFirst());
  }

  private static Challenge parse(String header) {
    String[] parts = header.strip().split("\\s+", 2);
    Map<String, String> parameters = new HashMap<>();
    Matcher parameter = PARAMETER.matcher(parts.length < 2 ? "" : parts[1]);
    while (parameter.find()) {
      String value = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
      parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), value);
    }
    return new Challenge(parts[0].toLowerCase(Locale.ROOT), parameters);
  }
}
