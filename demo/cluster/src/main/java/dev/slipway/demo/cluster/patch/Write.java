package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.demo.cluster.patch.ManagedFields.Owner;
import dev.slipway.demo.cluster.patch.ServerSideApply.State;
import dev.slipway.demo.cluster.schema.ApiResource;
import dev.slipway.demo.cluster.schema.Body;
import dev.slipway.demo.cluster.schema.FieldError;
import dev.slipway.demo.cluster.schema.FieldValidation;
import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.Pruning;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
 *     scale} (whose bodies are Scales but whose results are the whole object: see {@link Scale})
 * @param manager who writes: the {@code fieldManager} parameter, else {@link #managerOf}; an apply
 *     requires the parameter: pass the empty string when it is missing
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
   * POST. The body must already carry its final {@code metadata.name} and {@code namespace}, and
   * may carry its {@code uid}; a Job without one is given one, which its selector names: keep it.
   *
   * @throws Rejected 400 or 422
   */
  public Result create(Body body) {
    ObjectNode submitted = expectType(body.value());
    Pruning pruning = pruned(submitted);
    List<String> problems = problems(body, pruning);
    rejectStrict(problems);
    ObjectNode object = kind.withDefaults(pruning.object());
    ManagedFields owners = tracked(new State(kind.empty(), ManagedFields.NONE), object);
    return created(owners.writeTo(object), problems);
  }

  private Result created(ObjectNode owned, List<String> warnings) {
    ObjectNode prepared = kind.prepareCreate(owned);
    rejectInvalid(kind.validateCreate(prepared), prepared);
    return new Result(prepared, true, warnings);
  }

  /**
   * PUT.
   *
   * @param stored the object as stored
   * @throws Rejected 400, 409 (resourceVersion or uid differ) or 422
   */
  public Result update(ObjectNode stored, Body body) {
    if (subresource.equals("scale")) {
      return replaced(stored, Scale.writeTo(stored, body.value()), List.of());
    }
    ObjectNode submitted = expectType(body.value());
    Preconditions.name(submitted, stored.at("/metadata/name").asText());
    Pruning pruning = pruned(submitted);
    List<String> problems = problems(body, pruning);
    rejectStrict(problems);
    if (!kind.hasStrategicMerge() && submitted.at("/metadata/resourceVersion").asText().isEmpty()) {
      throw Rejected.invalid(
          kind.group(),
          resource.plural(),
          stored.at("/metadata/name").asText(),
          List.of(
              FieldError.invalid(
                  "metadata.resourceVersion", "0", "must be specified for an update")));
    }
    return replaced(stored, pruning.object(), problems);
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
    Preconditions.options(type, manager, force);
    if (type == PatchType.APPLY) {
      JsonNode applied = Body.yaml(patch, kind.kind()).value();
      return new ApplyRequest(this, namespace, name)
          .apply(applied, stored, Boolean.TRUE.equals(force));
    }
    if (stored == null) {
      throw Rejected.notFound(resource.name(), name);
    }
    Body body = Body.json(patch, kind.kind());
    ObjectNode target = subresource.equals("scale") ? Scale.of(stored) : stored;
    JsonNode patched =
        switch (type) {
          case JSON -> Operations.apply(target, body.value());
          case MERGE -> MergePatch.apply(target, body.value());
          case STRATEGIC, APPLY ->
              StrategicMergePatch.apply(kind.schema(), target, Preconditions.object(body.value()));
        };
    if (subresource.equals("scale")) {
      return replaced(stored, Scale.writeTo(stored, patched), List.of());
    }
    ObjectNode object = expectType(patched);
    Pruning pruning = pruned(object);
    List<String> problems = problems(body, pruning);
    if (validation == FieldValidation.STRICT && !problems.isEmpty()) {
      throw Rejected.invalid(
          "",
          "",
          "",
          List.of(
              FieldError.invalid(
                  "patch",
                  new TextNode(object.toString()).toString(),
                  "strict decoding error: " + String.join(", ", problems))));
    }
    return replaced(stored, pruning.object(), problems);
  }

  /** The rest of every write to an existing object, once it is known what the writer wants. */
  private Result replaced(ObjectNode stored, ObjectNode wanted, List<String> warnings) {
    ObjectNode object = kind.withDefaults(wanted);
    Preconditions.unmoved(this, stored, object);
    ManagedFields before = ManagedFields.of(object);
    boolean takesOver = !before.isEmpty() && subresource.isEmpty();
    ManagedFields known = takesOver ? before : ManagedFields.of(stored);
    ManagedFields owners = ManagedFields.NONE;
    if (!ManagedFields.isReset(object) && !known.isEmpty()) {
      owners = tracked(new State(ManagedFields.strip(stored), known), object);
    }
    return finished(stored, owners.writeTo(object), warnings);
  }

  /** Prepares and validates what replaces the stored object, unless nothing has changed. */
  Result finished(ObjectNode stored, ObjectNode owned, List<String> warnings) {
    ObjectNode prepared = kind.prepareUpdate(stored, owned, subresource);
    rejectInvalid(kind.validateUpdate(stored, prepared, subresource), prepared);
    prepared
        .withObjectProperty("metadata")
        .set("resourceVersion", stored.at("/metadata/resourceVersion"));
    return NoOp.isSame(stored, prepared)
        ? new Result(stored, false, warnings)
        : new Result(prepared, true, warnings);
  }

  /** What replaces nothing: an apply that creates. */
  Result createdByApply(ObjectNode owned) {
    return created(owned, List.of());
  }

  ServerSideApply ownership() {
    return new ServerSideApply(
        kind.schema(),
        resource.apiVersion(),
        Endpoint.resets(kind, subresource),
        now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private ManagedFields tracked(State live, ObjectNode object) {
    try {
      return ownership().update(live, object, updater());
    } catch (IllegalArgumentException e) {
      // A list-map without its keys: validation will say so in its own words.
      return live.owners();
    }
  }

  private Owner updater() {
    return Owner.updater(manager, resource.apiVersion(), subresource);
  }

  private Pruning pruned(ObjectNode object) {
    return kind.read(object);
  }

  private List<String> problems(Body body, Pruning pruning) {
    if (validation == FieldValidation.IGNORE) {
      return List.of();
    }
    List<String> problems = new ArrayList<>(body.duplicates());
    problems.addAll(pruning.unknown());
    return problems;
  }

  private void rejectStrict(List<String> problems) {
    if (validation == FieldValidation.STRICT && !problems.isEmpty()) {
      throw Rejected.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
              .formatted(kind.kind(), kind.version(), kind.kind(), String.join(", ", problems)));
    }
  }

  private void rejectInvalid(List<FieldError> errors, ObjectNode object) {
    if (!errors.isEmpty()) {
      throw Rejected.invalid(
          kind.group(), kind.kind(), object.at("/metadata/name").asText(), errors);
    }
  }

  private ObjectNode expectType(JsonNode body) {
    return Preconditions.type(body, resource);
  }
}
