package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What names, labels and annotations may look like, with the sentences that say so. */
final class Names {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

  private Names() {}

  /** A kind of name. */
  enum Rule {
    SUBDOMAIN(
        Names.SUBDOMAIN,
        253,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
            + " '.', and must start and end with an alphanumeric character (e.g. 'example.com',"
            + " regex used for validation is '%s')"),
    LABEL(
        Names.LABEL,
        63,
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
            + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
            + " regex used for validation is '%s')"),
    SERVICE(
        "[a-z]([-a-z0-9]*[a-z0-9])?",
        63,
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
            + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
            + " 'abc-123', regex used for validation is '%s')"),
    /** RBAC names may hold anything that fits into a path. */
    PATH_SEGMENT("(?!\\.\\.?$)[^/%]+", Integer.MAX_VALUE, "may not contain '/' or '%%'");

    private final Pattern pattern;
    private final int longest;
    private final String sentence;

    Rule(String pattern, int longest, String sentence) {
      this.pattern = Pattern.compile(pattern);
      this.longest = longest;
      this.sentence = sentence.formatted(pattern);
    }

    /** What is wrong with the name; empty when nothing is. */
    List<String> check(String name) {
      List<String> problems = new ArrayList<>();
      if (name.length() > longest) {
        problems.add("must be no more than " + longest + " characters");
      }
      if (!pattern.matcher(name).matches()) {
        problems.add(sentence);
      }
      return problems;
    }
  }

  static List<FieldError> labels(JsonNode labels, String path) {
    List<FieldError> errors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : labels.properties()) {
      errors.addAll(key(each.getKey(), path));
      String value = each.getValue().asText();
      if (value.length() > 63) {
        errors.add(FieldError.invalid(path, '"' + value + '"', "must be no more than 63 bytes"));
      } else if (!value.isEmpty() && !value.matches(QUALIFIED)) {
        errors.add(
            FieldError.invalid(
                path,
                '"' + value + '"',
                "a valid label must be an empty string or consist of alphanumeric characters, '-',"
                    + " '_' or '.', and must start and end with an alphanumeric character (e.g."
                    + " 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
                    + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"));
      }
    }
    return errors;
  }

  static List<FieldError> annotations(JsonNode annotations, String path) {
    List<FieldError> errors = new ArrayList<>();
    long size = 0;
    for (Map.Entry<String, JsonNode> each : annotations.properties()) {
      errors.addAll(key(each.getKey().toLowerCase(Locale.ROOT), path));
      size += each.getKey().length() + each.getValue().asText().length();
    }
    if (size > 262_144) {
      errors.add(
          new FieldError("FieldValueTooLong", "Too long: may not be more than 262144 bytes", path));
    }
    return errors;
  }

  private static List<FieldError> key(String key, String path) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    boolean prefixFits =
        slash < 0 || (slash > 0 && Rule.SUBDOMAIN.check(key.substring(0, slash)).isEmpty());
    if (prefixFits && name.length() <= 63 && name.matches(QUALIFIED)) {
      return List.of();
    }
    String problem =
        name.isEmpty()
            ? "name part must be non-empty"
            : name.length() > 63
                ? "name part must be no more than 63 bytes"
                : "name part must consist of alphanumeric characters, '-', '_' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',"
                    + "  or '123-abc', regex used for validation is '"
                    + QUALIFIED
                    + "')";
    return List.of(FieldError.invalid(path, '"' + key + '"', problem));
  }
}
