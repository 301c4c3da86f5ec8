package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** The rules of one kind: what its objects look like, how gaps are filled, what is refused. */
public sealed interface Kind permits BuiltInKind, CustomKind {

  /** The built-in kind, or empty when this API does not know it. */
  static Optional<Kind> builtIn(String group, String version, String kind) {
    return BuiltInKind.find(group, version, kind).map(found -> found);
  }

  /**
   * The kind that one version of a stored CustomResourceDefinition defines. Parsing costs a
   * millisecond or so: keep the result until the definition changes.
   *
   * @param definition a CustomResourceDefinition that {@link #validateCreate} accepted
   * @param version one of its served versions
   */
  static Kind custom(ObjectNode definition, String version) {
    return CustomKind.of(definition, version);
  }

  String group();

  String version();

  String kind();

  /** The whole object's schema, {@code metadata} included. */
  Schema schema();

  /** Whether {@code status} is written through its own endpoint only. */
  boolean hasStatusSubresource();

  /** Whether strategic merge patches are accepted: for built-in kinds only. */
  boolean hasStrategicMerge();

  /**
   * Reads a body: without fields that the kind does not have, values in their stored form.
   *
   * @throws Rejected 400 for a value of a wrong type, for built-in kinds only (custom resources are
   *     validated later)
   */
  Pruning read(ObjectNode body);

  /**
   * An object of this kind with nothing set. Built-in kinds have parts that are there even then, so
   * that nobody comes to own them.
   */
  ObjectNode empty();

  /** Fills in what was left out; the kind's own rules about null apply first. */
  ObjectNode withDefaults(ObjectNode object);

  /**
   * What the server adds or takes away when an object comes into being: the status is dropped, a
   * Job gets its selector, a Secret's {@code stringData} becomes data. Generated names, uids,
   * timestamps, cluster addresses and ports are not given here.
   */
  ObjectNode prepareCreate(ObjectNode object);

  /**
   * What an update through an endpoint may change: the rest is taken from the stored object, and
   * {@code generation} moves when the kind says so.
   *
   * @param subresource empty for the object itself, else {@code status}, …
   */
  ObjectNode prepareUpdate(ObjectNode stored, ObjectNode submitted, String subresource);

  /** Every finding of the kind's rules for a new, defaulted object; empty when it is fine. */
  List<FieldError> validateCreate(ObjectNode object);

  /** Every finding for an object that is to replace a stored one. */
  List<FieldError> validateUpdate(ObjectNode stored, ObjectNode object, String subresource);
}
