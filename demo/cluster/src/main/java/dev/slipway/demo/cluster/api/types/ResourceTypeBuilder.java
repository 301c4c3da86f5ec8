package dev.slipway.demo.cluster.api.types;

import dev.slipway.demo.cluster.api.types.ResourceType.Trait;
import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes one row of the table of built-in kinds. */
final class ResourceTypeBuilder {
  private final String group;
  private final String version;
  private final String kind;
  private final String plural;
  private boolean namespaced = true;
  private List<String> shortNames = List.of();
  private List<String> categories = List.of();
  private List<String> subresources = List.of();
  private List<String> selectable = List.of();
  private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
  private ResourceName storedAs;

  ResourceTypeBuilder(String apiVersion, String kind, String plural) {
    int slash = apiVersion.indexOf('/');
    this.group = slash < 0 ? "" : apiVersion.substring(0, slash);
    this.version = apiVersion.substring(slash + 1);
    this.kind = kind;
    this.plural = plural;
    this.storedAs = new ResourceName(group, plural);
  }

  ResourceTypeBuilder clusterWide() {
    namespaced = false;
    return this;
  }

  ResourceTypeBuilder shortNames(String... names) {
    shortNames = List.of(names);
    return this;
  }

  ResourceTypeBuilder inAll() {
    categories = List.of("all");
    return this;
  }

  ResourceTypeBuilder subresources(String... names) {
    subresources = List.of(names);
    return this;
  }

  ResourceTypeBuilder selectable(String... fields) {
    selectable = List.of(fields);
    return this;
  }

  ResourceTypeBuilder with(Trait... more) {
    traits.addAll(List.of(more));
    return this;
  }

  ResourceTypeBuilder storedAs(String otherGroup, String otherPlural) {
    storedAs = new ResourceName(otherGroup, otherPlural);
    return this;
  }

  ResourceType build() {
    var rules =
        Kind.builtIn(group, version, kind)
            .orElseThrow(() -> new IllegalStateException("No schema for " + kind));
    return new ResourceType(
        group,
        version,
        kind,
        plural,
        kind.toLowerCase(Locale.ROOT),
        namespaced,
        shortNames,
        categories,
        subresources,
        Set.copyOf(traits),
        selectable,
        rules,
        storedAs,
        Optional.empty());
  }
}
