package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a request with a {@code Status} that says why the API refuses it. */
public final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final transient ObjectNode status;

  private Rejected(int code, String reason, String message, @Nullable ObjectNode details) {
    super(message);
    this.code = code;
    this.status = object().put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
    status.putObject("metadata");
    status.put("message", message);
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    if (details != null) {
      status.set("details", details);
    }
    status.put("code", code);
  }

  /** The HTTP status. */
  public int code() {
    return code;
  }

  /** The {@code Status} to answer with; more may be put into it. */
  public ObjectNode status() {
    return status;
  }

  public static Rejected of(int code, String reason, String message) {
    return new Rejected(code, reason, message, null);
  }

  public static Rejected of(int code, String reason, String message, ObjectNode details) {
    return new Rejected(code, reason, message, details);
  }

  public static Rejected badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  public static Rejected unauthorized() {
    return of(401, "Unauthorized", "Unauthorized");
  }

  public static Rejected forbidden(ResourceName resource, String name, String why) {
    var what = name.isEmpty() ? resource.toString() : resource + " \"" + name + "\"";
    return of(403, "Forbidden", what + " is forbidden: " + why, details(resource, name));
  }

  public static Rejected notFound(ResourceName resource, String name) {
    return of(404, "NotFound", resource + " \"" + name + "\" not found", details(resource, name));
  }

  /** The resource itself is not served. */
  public static Rejected unknownResource() {
    return of(404, "NotFound", "the server could not find the requested resource", object());
  }

  public static Rejected methodNotAllowed() {
    return of(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
        object());
  }

  public static Rejected alreadyExists(ResourceName resource, String name, boolean deleting) {
    var message = resource + " \"" + name + "\" already exists";
    return of(
        409,
        "AlreadyExists",
        deleting ? "object is being deleted: " + message : message,
        details(resource, name));
  }

  /** {@code what} is a plural or, in preconditions, a kind. */
  public static Rejected conflict(ResourceName what, String name, String why) {
    return of(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + what + " \"" + name + "\": " + why,
        details(what, name));
  }

  /** 409 with the fields that other managers own. */
  public static Rejected applyConflict(String message, List<FieldError> causes) {
    return of(409, "Conflict", message, withCauses(object(), causes));
  }

  public static Rejected gone(String message) {
    return of(410, "Expired", message);
  }

  /** 415, naming the media types that are accepted instead. */
  public static Rejected unsupportedMediaType(List<String> accepted) {
    return of(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", accepted));
  }

  /**
   * 422 for an object or an option.
   *
   * @param kind the kind, or for a few checks (as recorded) the plural
   */
  public static Rejected invalid(String group, String kind, String name, List<FieldError> causes) {
    var what = new ResourceName(group, kind);
    return of(
        422,
        "Invalid",
        what + " \"" + name + "\" is invalid: " + FieldError.summary(causes),
        withCauses(details(what, name), causes));
  }

  /** 422 of a JSON patch that cannot be applied to the object. */
  public static Rejected unprocessable() {
    return of(
        422, "Invalid", "the server rejected our request due to an error in our request", object());
  }

  /** The client shall come again after so many seconds. */
  public static Rejected tooManyRequests(String message, int retryAfterSeconds) {
    return of(
        429, "TooManyRequests", message, object().put("retryAfterSeconds", retryAfterSeconds));
  }

  /** 500 without a reason, as the real server answers an apply that does not fit the schema. */
  public static Rejected internal(String message) {
    return of(500, "", message);
  }

  /** {@code name}, {@code group} and {@code kind} as far as they are not empty. */
  public static ObjectNode details(ResourceName resource, String name) {
    var details = object();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!resource.group().isEmpty()) {
      details.put("group", resource.group());
    }
    if (!resource.plural().isEmpty()) {
      details.put("kind", resource.plural());
    }
    return details;
  }

  private static ObjectNode withCauses(ObjectNode details, List<FieldError> causes) {
    var list = details.putArray("causes");
    for (var cause : causes) {
      list.addObject()
          .put("reason", cause.reason())
          .put("message", cause.message())
          .put("field", cause.field());
    }
    return details;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
