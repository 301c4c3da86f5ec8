package dev.slipway.demo.cluster.api.rbac;

import dev.slipway.demo.cluster.schema.ResourceName;

/** Something that a user wants to do. */
public sealed interface Action {
  String verb();

  /**
   * With a resource.
   *
   * @param namespace empty for the cluster or all namespaces
   * @param name empty for a collection
   * @param subresource empty for the object itself
   */
  record OnResource(
      String verb, ResourceName resource, String namespace, String name, String subresource)
      implements Action {

    /** The rest of a refusal's sentence, after {@code … is forbidden: }. */
    public String refusal(String user) {
      var what = resource.plural() + (subresource.isEmpty() ? "" : "/" + subresource);
      var where =
          namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
      return "User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
          .formatted(user, verb, what, resource.group(), where);
    }
  }

  /** With a path that is none of a resource, such as {@code /version}. */
  record OnPath(String verb, String path) implements Action {
    boolean isBelow(String pattern) {
      return pattern.endsWith("*")
          ? path.startsWith(pattern.substring(0, pattern.length() - 1))
          : path.equals(pattern);
    }
  }
}
