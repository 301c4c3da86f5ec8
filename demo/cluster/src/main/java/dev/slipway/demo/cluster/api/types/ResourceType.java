package dev.slipway.demo.cluster.api.types;

import dev.slipway.demo.cluster.schema.ApiResource;
import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One kind of object in one version, as discovery shows it and as the verbs treat it.
 *
 * @param group empty for the core group
 * @param rules what its objects look like and what is refused
 * @param storedAs what its objects are stored under; another resource's for a second view on it
 * @param subresources such as {@code status}, {@code scale}, {@code log}
 * @param traits where it differs from the common rules
 * @param selectable fields that a field selector may name beside name and namespace
 * @param custom present for a kind that a CustomResourceDefinition declares
 */
public record ResourceType(
    String group,
    String version,
    String kind,
    String plural,
    String singular,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    List<String> subresources,
    Set<Trait> traits,
    List<String> selectable,
    Kind rules,
    ResourceName storedAs,
    Optional<Custom> custom) {

  /** Where a kind differs from the common rules. */
  public enum Trait {
    /** Without a propagation policy its dependents stay. */
    ORPHANS_BY_DEFAULT,
    /** Objects are not stored: create answers a question. */
    VIRTUAL,
    /** No deletecollection. */
    NO_DELETE_COLLECTION
  }

  /**
   * What a CustomResourceDefinition says about one version.
   *
   * @param definition name of the CustomResourceDefinition
   * @param columns its {@code additionalPrinterColumns}
   */
  public record Custom(String definition, List<Column> columns) {}

  /** A printer column of a CustomResourceDefinition; {@code jsonPath} such as {@code .spec.x}. */
  public record Column(
      String name, String type, String format, String description, int priority, String jsonPath) {}

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** As error messages name the resource: {@code deployments.apps}. */
  public ResourceName resource() {
    return new ResourceName(group, plural);
  }

  /** As the schema packages know it. */
  public ApiResource asApiResource() {
    return new ApiResource(group, version, kind, plural, namespaced, verbs(), subresources);
  }

  /** What may be done with it, as discovery lists it. */
  public List<String> verbs() {
    if (has(Trait.VIRTUAL)) {
      return List.of("create");
    }
    if (custom.isPresent()) {
      // The real server lists them in this order for definitions.
      return List.of(
          "delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");
    }
    return Stream.of(
            "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
        .filter(verb -> !verb.equals("deletecollection") || !has(Trait.NO_DELETE_COLLECTION))
        .toList();
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }
}
