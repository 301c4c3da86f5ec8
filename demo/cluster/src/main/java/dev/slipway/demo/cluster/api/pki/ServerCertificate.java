package dev.slipway.demo.cluster.api.pki;

/**
 * What a server proves itself with.
 *
 * @param certificate as PEM text
 * @param key its private key as PEM text, a secret
 */
public record ServerCertificate(String certificate, String key) {
  @Override
  public String toString() {
    return "ServerCertificate[certificate=" + certificate + "]";
  }
}
