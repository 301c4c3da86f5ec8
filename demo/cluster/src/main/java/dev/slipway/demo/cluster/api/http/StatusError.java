package dev.slipway.demo.cluster.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.types.ResourceName;
import java.util.Map;

/** Ends a request with a {@code Status} that says why. */
public final class StatusError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final String RETRY_AFTER = "retryAfterSeconds";

  private final int code;
  private final transient ObjectNode status;

  private StatusError(int code, ObjectNode status) {
    super(status.path("message").asText());
    this.code = code;
    this.status = status;
  }

  public int code() {
    return code;
  }

  public ObjectNode status() {
    return status;
  }

  /** The whole answer. */
  public Reply reply() {
    var retryAfter = status.at("/details/" + RETRY_AFTER);
    return new Reply.Bytes(
        code,
        "application/json",
        Json.bytes(status),
        retryAfter.isMissingNode() ? Map.of() : Map.of("Retry-After", retryAfter.asText()));
  }

  public static StatusError of(int code, String reason, String message) {
    return of(code, reason, message, Json.object());
  }

  /** With {@code details}, which may be empty for an error that has none. */
  public static StatusError of(int code, String reason, String message, ObjectNode details) {
    var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", message).put("reason", reason);
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    return new StatusError(code, status.put("code", code));
  }

  public static StatusError badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  public static StatusError unauthorized() {
    return of(401, "Unauthorized", "Unauthorized");
  }

  public static StatusError forbidden(ResourceName resource, String name, String why) {
    var what = name.isEmpty() ? resource.toString() : resource + " \"" + name + "\"";
    return of(403, "Forbidden", what + " is forbidden: " + why, details(resource, name));
  }

  public static StatusError notFound(ResourceName resource, String name) {
    return of(404, "NotFound", resource + " \"" + name + "\" not found", details(resource, name));
  }

  /** The resource itself is not served. */
  public static StatusError unknownResource() {
    var error = of(404, "NotFound", "the server could not find the requested resource");
    error.status.putObject("details");
    return error;
  }

  public static StatusError methodNotAllowed() {
    var error =
        of(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource");
    error.status.putObject("details");
    return error;
  }

  public static StatusError alreadyExists(ResourceName resource, String name, boolean deleting) {
    var message = resource + " \"" + name + "\" already exists";
    return of(
        409,
        "AlreadyExists",
        deleting ? "object is being deleted: " + message : message,
        details(resource, name));
  }

  /** {@code what} is a plural or, in preconditions, a kind. */
  public static StatusError conflict(ResourceName what, String name, String why) {
    return of(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + what + " \"" + name + "\": " + why,
        details(what, name));
  }

  /** The client shall come again after so many seconds. */
  public static StatusError tooManyRequests(String message, int retryAfterSeconds) {
    return of(429, "TooManyRequests", message, Json.object().put(RETRY_AFTER, retryAfterSeconds));
  }

  public static StatusError gone(String message) {
    return of(410, "Expired", message);
  }

  /** {@code name}, {@code group} and {@code kind} as far as they are not empty. */
  public static ObjectNode details(ResourceName resource, String name) {
    var details = Json.object();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!resource.group().isEmpty()) {
      details.put("group", resource.group());
    }
    return details.put("kind", resource.plural());
  }
}
