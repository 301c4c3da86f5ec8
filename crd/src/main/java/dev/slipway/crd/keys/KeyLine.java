package dev.slipway.crd.keys;

import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The parts of one line of authorized_keys: {@code [options] type data [comment]}. */
record KeyLine(List<KeyOption> options, String type, String data, String comment) {
  /** Controls, marks that turn the direction of text round, and what nobody sees. */
  private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  static KeyLine split(String line) throws UnusableKeyException {
    String[] words = line.split("\\s+", 3);
    if (looksLikeKey(words)) {
      return of(List.of(), words);
    }
    int end = endOfOptions(line);
    String[] rest = line.substring(end).strip().split("\\s+", 3);
    if (!looksLikeKey(rest)) {
      throw new UnusableKeyException("is no public key in OpenSSH format");
    }
    return of(options(line.substring(0, end)), rest);
  }

  /** The same line with one more option in front, whether or not it can be read. */
  static String withOption(String option, String line) {
    return option + (looksLikeKey(line.split("\\s+", 3)) ? " " : ",") + line;
  }

  private static KeyLine of(List<KeyOption> options, String[] words) {
    String comment = words.length > 2 ? HIDDEN.matcher(words[2]).replaceAll(" ").strip() : "";
    return new KeyLine(options, words[0], words[1], comment);
  }

  /** In every format of SSH the data starts with the length of the type's name. */
  private static boolean looksLikeKey(String[] words) {
    return words.length >= 2 && words[1].startsWith("AAAA");
  }

  private static int endOfOptions(String line) throws UnusableKeyException {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && Character.isWhitespace(c)) {
        return i;
      }
    }
    throw new UnusableKeyException(
        quoted
            ? "has options with a quote that is not closed"
            : "is no public key in OpenSSH format");
  }

  private static List<KeyOption> options(String text) {
    List<KeyOption> options = new ArrayList<>();
    StringBuilder option = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        option.append(text.charAt(++i));
      } else if (c == ',' && !quoted) {
        options.add(KeyOption.of(option.toString()));
        option.setLength(0);
      } else {
        quoted ^= c == '"';
        option.append(c);
      }
    }
    options.add(KeyOption.of(option.toString()));
    return List.copyOf(options);
  }
}
