package dev.slipway.hooks.registry;

import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.registry.DockerConfig;
import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.crd.registry.RegistryLogin;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to speak to the registry of a Remote.
 *
 * @param logins null where the Remote names none
 * @param http follows no redirects, and trusts whom the Remote says
 */
record RegistryAccess(ImageRegistry registry, @Nullable Logins logins, HttpClient http) {
  /** Where Kaniko without a login takes the identity of its node or account. */
  private static final Pattern KNOWS_ITS_NODES =
      Pattern.compile(
          ".*\\.dkr[.-]ecr(-fips)?\\..*|public\\.ecr\\.aws|(.*\\.)?gcr\\.io|.*\\.pkg\\.dev|.*\\.azurecr\\.io");

  /**
   * What stands in the Secret of the Remote.
   *
   * @param secret its name
   */
  record Logins(DockerConfig config, String secret) {}

  /** Whether the registry would take gitd for what a builder is. */
  boolean speaksFor(ImageLocation image) {
    return login(image).isPresent() || !KNOWS_ITS_NODES.matcher(image.host()).matches();
  }

  Optional<RegistryLogin> login(ImageLocation image) {
    return Optional.ofNullable(logins).flatMap(it -> it.config().login(image));
  }
}
