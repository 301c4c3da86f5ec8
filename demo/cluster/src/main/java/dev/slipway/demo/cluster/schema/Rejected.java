package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A request that the API refuses, carrying everything that its {@code Status} answer says. */
public final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final String reason;
  private final transient ObjectNode details;

  private Rejected(int code, String reason, String message, ObjectNode details) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  public static Rejected badRequest(String message) {
    return new Rejected(400, "BadRequest", message, details());
  }

  /** 415, naming the media types that are accepted instead. */
  public static Rejected unsupportedMediaType(List<String> accepted) {
    return new Rejected(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", accepted),
        details());
  }

  /** 500 without a reason, as the real server answers an apply that does not fit the schema. */
  public static Rejected internal(String message) {
    return new Rejected(500, "", message, details());
  }

  public static Rejected notFound(String group, String plural, String name) {
    return new Rejected(
        404,
        "NotFound",
        qualified(plural, group) + " \"" + name + "\" not found",
        named(group, plural, name));
  }

  /** 409 for one object, {@code why} following "Operation cannot be fulfilled on …: ". */
  public static Rejected conflict(String group, String plural, String name, String why) {
    return new Rejected(
        409,
        "Conflict",
        "Operation cannot be fulfilled on "
            + qualified(plural, group)
            + " \""
            + name
            + "\": "
            + why,
        named(group, plural, name));
  }

  /** 409 with the fields that other managers own. */
  public static Rejected applyConflict(String message, List<FieldError> causes) {
    return new Rejected(409, "Conflict", message, withCauses(details(), causes));
  }

  /**
   * 422 for an object or an option.
   *
   * @param kind the kind, or for a few checks (as recorded) the plural
   */
  public static Rejected invalid(String group, String kind, String name, List<FieldError> causes) {
    return new Rejected(
        422,
        "Invalid",
        qualified(kind, group) + " \"" + name + "\" is invalid: " + FieldError.summary(causes),
        withCauses(named(group, kind, name), causes));
  }

  /** 422 of a JSON patch that cannot be applied to the object. */
  public static Rejected unprocessable() {
    return new Rejected(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
        details());
  }

  private static ObjectNode details() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode named(String group, String kind, String name) {
    ObjectNode details = details();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!group.isEmpty()) {
      details.put("group", group);
    }
    if (!kind.isEmpty()) {
      details.put("kind", kind);
    }
    return details;
  }

  private static ObjectNode withCauses(ObjectNode details, List<FieldError> causes) {
    var list = details.putArray("causes");
    for (FieldError cause : causes) {
      list.addObject()
          .put("reason", cause.reason())
          .put("message", cause.message())
          .put("field", cause.field());
    }
    return details;
  }

  private static String qualified(String name, String group) {
    return group.isEmpty() ? name : name + "." + group;
  }

  /** The HTTP status. */
  public int code() {
    return code;
  }

  /** The {@code Status} object to answer with. */
  public ObjectNode status() {
    ObjectNode status =
        details().put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
    status.putObject("metadata");
    status.put("message", getMessage());
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    if (!details.isEmpty() || code == 422) {
      status.set("details", details.deepCopy());
    }
    return status.put("code", code);
  }
}
