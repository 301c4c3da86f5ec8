package dev.slipway.demo.cluster.schema;

import java.util.List;

/**
 * A served resource, as far as errors, discovery and OpenAPI documents need to know it.
 *
 * @param group empty for the core group
 * @param verbs of the resource itself, as discovery lists them
 * @param subresources for example {@code status}, {@code scale}, {@code log}
 */
public record ApiResource(
    String group,
    String version,
    String kind,
    String plural,
    boolean namespaced,
    List<String> verbs,
    List<String> subresources) {
  public ApiResource {
    verbs = List.copyOf(verbs);
    subresources = List.copyOf(subresources);
  }

  /** As error messages name it. */
  public ResourceName name() {
    return new ResourceName(group, plural);
  }

  /** What objects carry as {@code apiVersion}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
