package dev.slipway.demo.cluster.api.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One rule of a Role: every combination of what it lists is allowed. */
record Rule(
    List<String> verbs,
    List<String> groups,
    List<String> resources,
    List<String> names,
    List<String> paths) {

  static final Rule EVERYTHING =
      new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of());
  static final Rule EVERY_PATH =
      new Rule(List.of("*"), List.of(), List.of(), List.of(), List.of("*"));

  static Rule of(JsonNode rule) {
    return new Rule(
        Json.texts(rule.path("verbs")),
        Json.texts(rule.path("apiGroups")),
        Json.texts(rule.path("resources")),
        Json.texts(rule.path("resourceNames")),
        Json.texts(rule.path("nonResourceURLs")));
  }

  static List<Rule> all(JsonNode rules) {
    var all = new ArrayList<Rule>();
    rules.forEach(rule -> all.add(of(rule)));
    return all;
  }

  boolean allows(Action action) {
    return switch (action) {
      case Action.OnResource on ->
          has(verbs, on.verb())
              && has(groups, on.resource().group())
              && coversResource(on)
              && (names.isEmpty() || names.contains(on.name()));
      case Action.OnPath on -> has(verbs, on.verb()) && paths.stream().anyMatch(on::isBelow);
    };
  }

  private boolean coversResource(Action.OnResource on) {
    var plural = on.resource().plural();
    if (on.subresource().isEmpty()) {
      return has(resources, plural);
    }
    return has(resources, plural + "/" + on.subresource())
        || resources.contains("*/" + on.subresource());
  }

  /** Whether somebody with the given rules has everything that this one allows. */
  boolean isHeldBy(List<Rule> held) {
    return Stream.concat(resourceParts(), pathParts())
        .allMatch(part -> held.stream().anyMatch(rule -> rule.coversPart(part)));
  }

  private boolean coversPart(Rule part) {
    return has(verbs, part.verbs().getFirst())
        && (part.paths().isEmpty()
            ? has(groups, part.groups().getFirst())
                && hasResource(part.resources().getFirst())
                && (names.isEmpty()
                    || (!part.names().isEmpty() && names.contains(part.names().getFirst())))
            : has(paths, part.paths().getFirst()));
  }

  private boolean hasResource(String resource) {
    int slash = resource.indexOf('/');
    return has(resources, resource)
        || (slash > 0 && resources.contains("*" + resource.substring(slash)));
  }

  Stream<Rule> resourceParts() {
    var parts = new ArrayList<Rule>();
    for (var verb : verbs) {
      for (var group : groups) {
        for (var resource : resources) {
          for (var name : names.isEmpty() ? List.of("") : names) {
            parts.add(
                new Rule(
                    List.of(verb),
                    List.of(group),
                    List.of(resource),
                    names.isEmpty() ? List.of() : List.of(name),
                    List.of()));
          }
        }
      }
    }
    return parts.stream();
  }

  /** What it allows on resources in a namespace, as far as it says without a wildcard. */
  Stream<Action.OnResource> actions(String namespace) {
    return resourceParts()
        .map(
            part -> {
              var resource = part.resources().getFirst().split("/", 2);
              return new Action.OnResource(
                  part.verbs().getFirst(),
                  new ResourceName(part.groups().getFirst(), resource[0]),
                  namespace,
                  part.names().isEmpty() ? "" : part.names().getFirst(),
                  resource.length == 1 ? "" : resource[1]);
            });
  }

  private Stream<Rule> pathParts() {
    return verbs.stream()
        .flatMap(
            verb ->
                paths.stream()
                    .map(
                        path ->
                            new Rule(
                                List.of(verb), List.of(), List.of(), List.of(), List.of(path))));
  }

  /** As a Role holds it. */
  ObjectNode json() {
    var json = Json.object();
    put(json, "verbs", verbs);
    put(json, "apiGroups", groups);
    put(json, "resources", resources);
    put(json, "resourceNames", names);
    put(json, "nonResourceURLs", paths);
    return json;
  }

  private static void put(ObjectNode json, String field, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(json.putArray(field)::add);
    }
  }

  /** As the real server writes rules into its refusals. */
  String described() {
    var parts = new ArrayList<String>();
    add(parts, "APIGroups", groups);
    add(parts, "Resources", resources);
    add(parts, "ResourceNames", names);
    add(parts, "NonResourceURLs", paths);
    add(parts, "Verbs", verbs);
    return "{" + String.join(", ", parts) + "}";
  }

  private static void add(List<String> parts, String field, List<String> values) {
    if (!values.isEmpty()) {
      parts.add(
          field
              + values.stream()
                  .map(value -> '"' + value + '"')
                  .collect(Collectors.joining(" ", ":[", "]")));
    }
  }

  private static boolean has(List<String> values, String wanted) {
    return values.contains("*") || values.contains(wanted);
  }
}
