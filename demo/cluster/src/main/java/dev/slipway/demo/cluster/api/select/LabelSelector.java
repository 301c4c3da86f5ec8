package dev.slipway.demo.cluster.api.select;

import dev.slipway.demo.cluster.schema.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which labels an object must have: {@code a=b,c!=d,e in (f,g),h notin (i),j,!k}. */
public record LabelSelector(List<Requirement> requirements) {
  private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
  private static final Pattern EQUALITY =
      Pattern.compile("([^=!\\s]+)\\s*(==|=|!=)\\s*([^=!\\s]*)");
  private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*([^=!\\s(),]+)");

  /** One condition on one label. */
  public sealed interface Requirement {
    boolean admits(Map<String, String> labels);
  }

  /** The label has one of the values; with {@code negated} it has none of them or is not there. */
  record OneOf(String label, Set<String> values, boolean negated) implements Requirement {
    @Override
    public boolean admits(Map<String, String> labels) {
      var value = Optional.ofNullable(labels.get(label));
      return value.filter(values::contains).isPresent() != negated;
    }
  }

  /** The label is there; with {@code negated} it is not. */
  record Exists(String label, boolean negated) implements Requirement {
    @Override
    public boolean admits(Map<String, String> labels) {
      return labels.containsKey(label) != negated;
    }
  }

  /**
   * Reads the query parameter.
   *
   * @throws Rejected 400 when it cannot be understood
   */
  public static LabelSelector parse(String text) {
    var requirements = new ArrayList<Requirement>();
    for (var part : splitOutsideBrackets(text)) {
      requirements.add(requirement(part.strip()));
    }
    return new LabelSelector(List.copyOf(requirements));
  }

  public boolean isEmpty() {
    return requirements.isEmpty();
  }

  public boolean admits(Map<String, String> labels) {
    return requirements.stream().allMatch(requirement -> requirement.admits(labels));
  }

  private static Requirement requirement(String part) {
    var set = SET.matcher(part);
    if (set.matches()) {
      var values = Set.copyOf(List.of(set.group(3).strip().split("\\s*,\\s*", -1)));
      return new OneOf(set.group(1), values, set.group(2).equals("notin"));
    }
    var equality = EQUALITY.matcher(part);
    if (equality.matches()) {
      return new OneOf(
          equality.group(1), Set.of(equality.group(3)), equality.group(2).equals("!="));
    }
    var existence = EXISTENCE.matcher(part);
    if (existence.matches()) {
      return new Exists(existence.group(2), !existence.group(1).isEmpty());
    }
    if (equality.lookingAt()) {
      throw Rejected.badRequest(
          "found '" + part.charAt(equality.end()) + "', expected: ',' or 'end of string'");
    }
    throw Rejected.badRequest("unable to parse requirement: " + part);
  }

  private static List<String> splitOutsideBrackets(String text) {
    var parts = new ArrayList<String>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '(' -> depth++;
        case ')' -> depth--;
        case ',' -> {
          if (depth == 0) {
            parts.add(text.substring(start, i));
            start = i + 1;
          }
        }
        default -> {
          // Part of a name or a value.
        }
      }
    }
    if (!text.isBlank()) {
      parts.add(text.substring(start));
    }
    return parts;
  }
}
