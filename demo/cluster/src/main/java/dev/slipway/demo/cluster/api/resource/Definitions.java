package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.api.types.ResourceType.Column;
import dev.slipway.demo.cluster.api.types.ResourceType.Custom;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Serves what CustomResourceDefinitions define, and writes into them that it does. */
public record Definitions(ResourceTypes types, Store store, InstantSource clock) {
  private static final ResourceName RESOURCE =
      new ResourceName("apiextensions.k8s.io", "customresourcedefinitions");

  /** Follows the definitions in the store from now on. */
  public void follow() {
    store.listen(
        change -> {
          if (change.key().resource().equals(RESOURCE)) {
            switch (change.type()) {
              case ADDED, MODIFIED -> serve(change.after());
              case DELETED -> types.forget(change.key().name());
            }
          }
        });
  }

  private void serve(ApiObject definition) {
    var versions = versions(definition);
    types.define(definition.name(), versions);
    versions.forEach(this::fit);
    // Each step is a change of its own, which brings us here again.
    if (!definition.at("/status/acceptedNames/kind").equals(definition.at("/spec/names/kind"))) {
      put(withConditions(definition, "False", "Installing"));
    } else if (definition.at("/status/conditions/1/status").asText().equals("False")) {
      put(withConditions(definition, "True", "InitialNamesAccepted"));
    }
  }

  /**
   * Prunes and fills objects that an earlier definition let through. The real server does so
   * whenever it reads them, and leaves them as they are in the store.
   */
  private void fit(ResourceType type) {
    for (ApiObject object : store.list(type.storedAs(), "").objects()) {
      var fitting = type.rules().withDefaults(type.rules().read(object.copy().json()).object());
      if (!fitting.equals(object.json())) {
        store.put(
            new Key(type.storedAs(), object.namespace(), object.name()), new ApiObject(fitting));
      }
    }
  }

  private void put(ApiObject definition) {
    store.put(new Key(RESOURCE, "", definition.name()), definition);
  }

  private static List<ResourceType> versions(ApiObject definition) {
    var all = new ArrayList<ResourceType>();
    for (var version : definition.at("/spec/versions")) {
      if (version.path("served").asBoolean()) {
        all.add(type(definition, version));
      }
    }
    return all;
  }

  private static ResourceType type(ApiObject definition, JsonNode version) {
    var names = definition.at("/spec/names");
    var group = definition.text("/spec/group");
    var kind = names.path("kind").asText();
    var plural = names.path("plural").asText();
    var subresources = new ArrayList<String>();
    for (var name : List.of("status", "scale")) {
      if (version.path("subresources").has(name)) {
        subresources.add(name);
      }
    }
    return new ResourceType(
        group,
        version.path("name").asText(),
        kind,
        plural,
        names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
        definition.text("/spec/scope").equals("Namespaced"),
        Json.texts(names.path("shortNames")),
        Json.texts(names.path("categories")),
        List.copyOf(subresources),
        Set.of(),
        selectable(version),
        Kind.custom(definition.json(), version.path("name").asText()),
        new ResourceName(group, plural),
        Optional.of(new Custom(definition.name(), columns(version))));
  }

  private static List<String> selectable(JsonNode version) {
    var fields = new ArrayList<String>();
    version
        .path("selectableFields")
        .forEach(field -> fields.add(field.path("jsonPath").asText().substring(1)));
    return fields;
  }

  private static List<Column> columns(JsonNode version) {
    var columns = new ArrayList<Column>();
    for (var column : version.path("additionalPrinterColumns")) {
      columns.add(
          new Column(
              column.path("name").asText(),
              column.path("type").asText(),
              column.path("format").asText(""),
              column.path("description").asText(""),
              column.path("priority").asInt(),
              column.path("jsonPath").asText()));
    }
    return columns;
  }

  private ApiObject withConditions(ApiObject definition, String established, String reason) {
    var accepted = definition.copy();
    var status = accepted.json().withObjectProperty("status");
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var conditions = status.putArray("conditions");
    conditions
        .addObject()
        .put("type", "NamesAccepted")
        .put("status", "True")
        .put("lastTransitionTime", now)
        .put("reason", "NoConflicts")
        .put("message", "no conflicts found");
    conditions
        .addObject()
        .put("type", "Established")
        .put("status", established)
        .put("lastTransitionTime", now)
        .put("reason", reason)
        .put("message", "the initial names have been accepted");
    status.set("acceptedNames", definition.at("/spec/names").deepCopy());
    return accepted;
  }
}
