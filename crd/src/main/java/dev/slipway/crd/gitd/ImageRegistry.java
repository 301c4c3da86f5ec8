package dev.slipway.crd.gitd;

import org.jspecify.annotations.Nullable;

/**
 * Where built images go.
 *
 * @param prefix put before every image name with a slash, without a slash at its end
 * @param pullPrefix the same for the names that are set on workloads
 * @param credentials what builders log in with; null pushes anonymously
 * @param pullSecret name of a Secret that pod templates get with an image; null for none
 * @param ca where the PEM of the CA is that builders and gitd trust for this registry; null for the
 *     public ones
 * @param insecure plain HTTP or an unverified certificate
 */
public record ImageRegistry(
    String prefix,
    String pullPrefix,
    @Nullable Credentials credentials,
    @Nullable String pullSecret,
    Target.@Nullable Source ca,
    boolean insecure) {

  /** One that everybody may push to. */
  public static ImageRegistry open(String prefix) {
    return new ImageRegistry(prefix, prefix, null, null, null, false);
  }

  /**
   * A Secret with registry credentials. Builders get it mounted; gitd reads it to ask the registry
   * before it builds.
   *
   * @param secret name of the Secret
   * @param key {@code .dockerconfigjson} or {@code .dockercfg}, by the Secret's type
   */
  public record Credentials(String secret, String key) {}
}
