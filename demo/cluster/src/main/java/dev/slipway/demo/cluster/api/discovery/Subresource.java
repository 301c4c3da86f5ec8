package dev.slipway.demo.cluster.api.discovery;

import dev.slipway.demo.cluster.api.types.ResourceType;
import java.util.List;

/** How discovery describes a subresource: the kind that goes over the wire, and its verbs. */
record Subresource(String group, String version, String kind, List<String> verbs) {
  private static final List<String> READ_AND_WRITE = List.of("get", "patch", "update");

  static Subresource of(String name, ResourceType type) {
    return switch (name) {
      case "scale" -> new Subresource("autoscaling", "v1", "Scale", READ_AND_WRITE);
      case "eviction" -> new Subresource("policy", "v1", "Eviction", List.of("create"));
      case "token" ->
          new Subresource("authentication.k8s.io", "v1", "TokenRequest", List.of("create"));
      case "binding" -> new Subresource("", "v1", "Binding", List.of("create"));
      case "log" -> new Subresource(type.group(), type.version(), type.kind(), List.of("get"));
      case "finalize" ->
          new Subresource(type.group(), type.version(), type.kind(), List.of("update"));
      default -> new Subresource(type.group(), type.version(), type.kind(), READ_AND_WRITE);
    };
  }
}
