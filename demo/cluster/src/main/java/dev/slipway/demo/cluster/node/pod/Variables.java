package dev.slipway.demo.cluster.node.pod;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * References to variables in commands, arguments and values: {@code $(NAME)} becomes the value, an
 * unknown one stays as it is, and {@code $$} is a plain dollar sign.
 */
final class Variables {
  private static final Pattern REFERENCE = Pattern.compile("\\$(?:\\$|\\(([^()]*)\\))");

  private Variables() {}

  static String expand(String text, Map<String, String> values) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> {
              var name = match.group(1);
              var value = name == null ? "$" : values.getOrDefault(name, match.group());
              return Matcher.quoteReplacement(value);
            });
  }
}
