package dev.slipway.crd.gitd;

import org.jspecify.annotations.Nullable;

/**
 * Where built images go.
 *
 * @param prefix put before every image name with a slash, without a slash at its end
 * @param credentials what builders log in with; null pushes anonymously
 * @param insecure plain HTTP or an unverified certificate
 */
public record ImageRegistry(String prefix, @Nullable Credentials credentials, boolean insecure) {

  /**
   * A Secret with registry credentials, mounted into builders only.
   *
   * @param secret name of the Secret
   * @param key {@code .dockerconfigjson} or {@code .dockercfg}, by the Secret's type
   */
  public record Credentials(String secret, String key) {}
}
