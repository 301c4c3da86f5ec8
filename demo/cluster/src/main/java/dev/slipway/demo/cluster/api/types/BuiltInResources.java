package dev.slipway.demo.cluster.api.types;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.types.ResourceType.Trait;
import dev.slipway.demo.cluster.schema.BundledYaml;
import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds that every cluster has, as far as this one serves them: {@code resources.yaml}. */
final class BuiltInResources {
  static final List<ResourceType> ALL =
      BundledYaml.read(BuiltInResources.class, "resources.yaml")
          .propertyStream()
          .flatMap(served -> served.getValue().valueStream().map(row -> type(served.getKey(), row)))
          .toList();

  private BuiltInResources() {}

  private static ResourceType type(String apiVersion, JsonNode row) {
    int slash = apiVersion.indexOf('/');
    var group = slash < 0 ? "" : apiVersion.substring(0, slash);
    var version = apiVersion.substring(slash + 1);
    var kind = row.path("kind").asText();
    var plural = row.path("plural").asText();
    return new ResourceType(
        group,
        version,
        kind,
        plural,
        kind.toLowerCase(Locale.ROOT),
        !row.path("clusterWide").asBoolean(),
        Json.texts(row.path("shortNames")),
        Json.texts(row.path("categories")),
        Json.texts(row.path("subresources")),
        Json.texts(row.path("traits")).stream()
            .map(Trait::valueOf)
            .collect(Collectors.toUnmodifiableSet()),
        Json.texts(row.path("selectable")),
        Kind.builtIn(group, version, kind)
            .orElseThrow(() -> new IllegalStateException("No schema for " + kind)),
        new ResourceName(row.path("storedInGroup").asText(group), plural),
        Optional.empty());
  }
}
