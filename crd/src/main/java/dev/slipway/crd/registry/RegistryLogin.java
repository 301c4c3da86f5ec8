package dev.slipway.crd.registry;

/**
 * What somebody shows to one registry; each part is empty when it is not given.
 *
 * @param identityToken changed for an access token, instead of a password
 * @param registryToken is an access token already
 */
public record RegistryLogin(
    String user, String password, String identityToken, String registryToken) {

  /** Whether there is anything to show. */
  boolean isGiven() {
    return (!user.isEmpty() && !password.isEmpty())
        || !identityToken.isEmpty()
        || !registryToken.isEmpty();
  }

  /** Never what must not be in a log. */
  @Override
  public String toString() {
    return "RegistryLogin[***]";
  }
}
