package dev.slipway.demo.cluster.api.pki;

/**
 * What makes a client a user.
 *
 * @param certificate as PEM text
 * @param key its private key as PEM text, a secret
 */
public record ClientCertificate(String certificate, String key) {
  @Override
  public String toString() {
    return "ClientCertificate[certificate=" + certificate + "]";
  }
}
