package dev.slipway.demo.cluster.schema;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One cause of a 422 answer.
 *
 * @param reason what {@code details.causes[].reason} says, for example {@code FieldValueRequired}
 * @param message what {@code details.causes[].message} says
 * @param field the path, for example {@code spec.containers[0].name}
 */
public record FieldError(String reason, String message, String field) {

  public static FieldError required(String field, String detail) {
    return new FieldError("FieldValueRequired", withDetail("Required value", detail), field);
  }

  /**
   * A value that a rule refuses.
   *
   * @param value the offending value as it is to be shown, strings with their quotes
   */
  public static FieldError invalid(String field, String value, String detail) {
    return new FieldError(
        "FieldValueInvalid", withDetail("Invalid value: " + value, detail), field);
  }

  public static FieldError forbidden(String field, String detail) {
    return new FieldError("FieldValueForbidden", withDetail("Forbidden", detail), field);
  }

  public static FieldError duplicate(String field, String value) {
    return new FieldError("FieldValueDuplicate", "Duplicate value: " + value, field);
  }

  public static FieldError unsupported(String field, String value, List<String> supported) {
    String values =
        supported.stream().map(each -> '"' + each + '"').collect(Collectors.joining(", "));
    return new FieldError(
        "FieldValueNotSupported",
        "Unsupported value: " + value + ": supported values: " + values,
        field);
  }

  private static String withDetail(String message, String detail) {
    return detail.isEmpty() ? message : message + ": " + detail;
  }

  @Override
  public String toString() {
    return field + ": " + message;
  }

  /** All errors in the form that follows "is invalid: ", in brackets when there are several. */
  public static String summary(List<FieldError> errors) {
    String all =
        errors.stream().map(FieldError::toString).distinct().collect(Collectors.joining(", "));
    return errors.size() == 1 ? all : "[" + all + "]";
  }
}
