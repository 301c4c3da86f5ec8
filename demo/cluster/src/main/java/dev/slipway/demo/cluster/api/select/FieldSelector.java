package dev.slipway.demo.cluster.api.select;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.types.ResourceType;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which fields an object must have: {@code metadata.name=a,status.phase!=Running}. */
public record FieldSelector(List<Requirement> requirements) {
  private static final List<String> ALWAYS = List.of("metadata.name", "metadata.namespace");

  /** One condition on one field. */
  record Requirement(String field, String value, boolean negated) {
    boolean admits(ApiObject object) {
      return valueOf(object).equals(value) != negated;
    }

    private String valueOf(ApiObject object) {
      var found = object.json().at("/" + field.replace('.', '/'));
      if (field.equals("source")) {
        return object.text("/source/component");
      }
      // Counters and flags that are absent are selected by their zero value.
      return switch (field) {
        case "status.successful", "status.replicas" -> found.asText("0");
        case "spec.unschedulable", "spec.hostNetwork" -> found.asText("false");
        default -> found.asText("");
      };
    }
  }

  /**
   * Reads the query parameter.
   *
   * @throws Rejected 400 for a field that the type does not offer
   */
  public static FieldSelector parse(String text, ResourceType type) {
    var requirements = new ArrayList<Requirement>();
    for (var part : text.split(",", -1)) {
      if (!part.isBlank()) {
        requirements.add(requirement(part.strip(), type));
      }
    }
    return new FieldSelector(List.copyOf(requirements));
  }

  public boolean isEmpty() {
    return requirements.isEmpty();
  }

  public boolean admits(ApiObject object) {
    return requirements.stream().allMatch(requirement -> requirement.admits(object));
  }

  private static Requirement requirement(String part, ResourceType type) {
    int equals = part.indexOf('=');
    if (equals < 1) {
      throw Rejected.badRequest(
          "invalid selector: '" + part + "'; can't understand '" + part + "'");
    }
    boolean negated = part.charAt(equals - 1) == '!';
    var field = part.substring(0, negated ? equals - 1 : equals);
    var value = part.substring(equals + 1);
    requireKnown(field, type);
    return new Requirement(field, value.startsWith("=") ? value.substring(1) : value, negated);
  }

  private static void requireKnown(String field, ResourceType type) {
    if (ALWAYS.contains(field) || type.selectable().contains(field)) {
      return;
    }
    if (type.custom().isPresent() || !type.selectable().isEmpty()) {
      throw Rejected.badRequest("field label not supported: " + field);
    }
    throw Rejected.badRequest(
        Stream.concat(ALWAYS.stream(), type.selectable().stream())
            .map(known -> '"' + known + '"')
            .collect(
                Collectors.joining(
                    ", ", '"' + field + "\" is not a known field selector: only ", "")));
  }
}
