package dev.slipway.demo.story;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Secrets that a test knows by name, and finds in a text as they are or in base64. */
final class Marks {
  private static final Pattern WEB_TOKEN = Pattern.compile("eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.");

  private final Map<String, String> values = new LinkedHashMap<>();

  /** A secret that occurs nowhere yet. */
  String make(String name) {
    String value = "mark" + UUID.randomUUID().toString().replace("-", "");
    add(name, value);
    return value;
  }

  /** One that somebody else has made. */
  void add(String name, String value) {
    if (value.length() < 8) {
      throw new IllegalArgumentException(name + " is too short to be told from chance");
    }
    values.put(name, value);
  }

  List<String> names() {
    return List.copyOf(values.keySet());
  }

  /** The names of those that stand in a text; that of a ServiceAccount's token stands for all. */
  List<String> in(String text) {
    List<String> found = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          if (text.contains(value) || inBase64(value).stream().anyMatch(text::contains)) {
            found.add(name);
          }
        });
    if (WEB_TOKEN.matcher(text).find()) {
      found.add("token of a ServiceAccount");
    }
    return found;
  }

  /** What of it is the same in base64 whatever stands before and after, for each alignment. */
  private static List<String> inBase64(String value) {
    List<String> forms = new ArrayList<>();
    for (int before = 0; before < 3; before++) {
      int begin = (3 - before) % 3;
      int length = (value.length() - begin) / 3 * 3;
      byte[] inner = value.substring(begin, begin + length).getBytes(UTF_8);
      forms.add(Base64.getEncoder().encodeToString(inner));
    }
    return forms;
  }
}
