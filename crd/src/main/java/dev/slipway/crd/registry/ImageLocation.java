package dev.slipway.crd.registry;

import java.util.Locale;
import java.util.Set;

/**
 * Where the name of an image leads.
 *
 * @param host of the registry with its port if any, {@code docker.io} for Docker Hub
 * @param repository what the registry calls it
 */
public record ImageLocation(String host, String repository) {
  /** Docker Hub, under the name that people know it by. */
  public static final String DOCKER_HUB = "docker.io";

  private static final Set<String> DOCKER_HUB_ALIASES =
      Set.of(
          "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com");

  /**
   * Reads a name as Docker does: what stands before the first slash is a host only if it has a dot
   * or a port, or is {@code localhost}; anything else is on Docker Hub.
   *
   * @param name without a digest; with or without a tag
   */
  public static ImageLocation of(String name) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
    String host = named ? host(first) : DOCKER_HUB;
    String path = named ? name.substring(slash + 1) : name;
    int tag = path.indexOf(':');
    String repository = tag < 0 ? path : path.substring(0, tag);
    return new ImageLocation(
        host,
        host.equals(DOCKER_HUB) && !repository.contains("/")
            ? "library/" + repository
            : repository);
  }

  /** The host that one and the same registry is known by here. */
  static String host(String written) {
    String host = written.toLowerCase(Locale.ROOT);
    return DOCKER_HUB_ALIASES.contains(host) ? DOCKER_HUB : host;
  }
}
