package dev.slipway.demo.cluster.schema;

import java.util.List;

/** What happens to fields that a kind does not have or that a body names twice. */
public enum FieldValidation {
  IGNORE,
  WARN,
  STRICT;

  /**
   * Parses the query parameter.
   *
   * @param value the parameter, empty when it was not given (the server's default is Warn)
   * @param options {@code CreateOptions}, {@code UpdateOptions} or {@code PatchOptions}
   * @throws Rejected 422 for any other value
   */
  public static FieldValidation parse(String value, String options) {
    return switch (value) {
      case "", "Warn" -> WARN;
      case "Ignore" -> IGNORE;
      case "Strict" -> STRICT;
      default ->
          throw Rejected.invalid(
              "meta.k8s.io",
              options,
              "",
              List.of(
                  FieldError.unsupported(
                      "fieldValidation",
                      '"' + value + '"',
                      List.of("", "Ignore", "Strict", "Warn"))));
    };
  }
}
