package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.http.ApiRequest;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.Locale;

/** What a request does with a resource, named as in RBAC rules. */
public enum Verb {
  GET(""),
  LIST(""),
  WATCH(""),
  CREATE("CreateOptions"),
  UPDATE("UpdateOptions"),
  PATCH("PatchOptions"),
  DELETE("DeleteOptions"),
  DELETECOLLECTION("DeleteOptions");

  private final String options;

  Verb(String options) {
    this.options = options;
  }

  /** As in a Role: {@code deletecollection}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Kind of its query parameters, as error messages name it. */
  String options() {
    return options;
  }

  /**
   * By method and path.
   *
   * @throws Rejected 405 or 400 when they do not go together
   */
  public static Verb of(ApiRequest request, RequestPath path) {
    boolean collection = path.name().isEmpty();
    return switch (request.method()) {
      case "GET", "HEAD" -> {
        if (path.legacyWatch() || request.query().isTrue("watch")) {
          yield WATCH;
        }
        yield collection ? LIST : GET;
      }
      case "POST" -> {
        if (!collection && path.subresource().isEmpty()) {
          throw Rejected.methodNotAllowed();
        }
        yield CREATE;
      }
      case "PUT" -> {
        if (collection) {
          throw Rejected.badRequest("name must be provided");
        }
        yield UPDATE;
      }
      case "PATCH" -> {
        if (collection) {
          throw Rejected.methodNotAllowed();
        }
        yield PATCH;
      }
      case "DELETE" -> collection ? DELETECOLLECTION : DELETE;
      default -> throw Rejected.methodNotAllowed();
    };
  }
}
