package dev.slipway.demo.cluster.api.resource;

import java.util.List;
import java.util.Optional;

/**
 * What the path of a request names.
 *
 * @param group empty for the core group
 * @param namespace empty when the path has none
 * @param name empty for a collection
 * @param subresource empty for the object itself
 * @param legacyWatch the path begins with the old {@code /watch/} prefix
 */
public record RequestPath(
    String group,
    String version,
    String namespace,
    String plural,
    String name,
    String subresource,
    boolean legacyWatch) {

  /** Empty when the path is not one of a resource. */
  public static Optional<RequestPath> parse(List<String> path) {
    boolean core = path.size() > 2 && path.getFirst().equals("api");
    boolean grouped = path.size() > 3 && path.getFirst().equals("apis");
    if (!core && !grouped) {
      return Optional.empty();
    }
    var group = core ? "" : path.get(1);
    var version = path.get(core ? 1 : 2);
    var rest = path.subList(core ? 2 : 3, path.size());
    boolean legacyWatch = rest.getFirst().equals("watch");
    if (legacyWatch) {
      rest = rest.subList(1, rest.size());
    }
    var namespace = "";
    if (rest.size() > 2 && rest.getFirst().equals("namespaces") && !isOfNamespace(rest)) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    if (rest.isEmpty() || rest.size() > 3) {
      return Optional.empty();
    }
    return Optional.of(
        new RequestPath(
            group,
            version,
            namespace,
            rest.getFirst(),
            rest.size() > 1 ? rest.get(1) : "",
            rest.size() > 2 ? rest.get(2) : "",
            legacyWatch));
  }

  private static boolean isOfNamespace(List<String> rest) {
    return rest.get(2).equals("status") || rest.get(2).equals("finalize");
  }
}
