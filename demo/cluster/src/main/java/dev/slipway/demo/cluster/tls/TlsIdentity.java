package dev.slipway.demo.cluster.tls;

import io.fabric8.kubernetes.client.internal.CertUtils;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who one end of a connection is and whom it trusts, all as PEM text.
 *
 * @param authority the one certificate authority that it trusts
 * @param certificate its own
 * @param key its own private one, a secret
 */
public record TlsIdentity(String authority, String certificate, String key) {
  /** Whom the API server's certificate names to kubelets, as in clusters that kubeadm makes. */
  public static final String KUBELET_CLIENT = "kube-apiserver-kubelet-client";

  private static final char[] NO_PASSWORD = new char[0];

  /** For a server or a client with this identity. */
  public SSLContext context() {
    try {
      var identity =
          CertUtils.createKeyStore(
              stream(certificate), stream(key), "EC", NO_PASSWORD, null, NO_PASSWORD);
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(identity, NO_PASSWORD);
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "authority",
          CertificateFactory.getInstance("X.509").generateCertificate(stream(authority)));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      return SSLUtils.sslContext(keys.getKeyManagers(), trust.getTrustManagers());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Cannot use a certificate of the cluster", e);
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return "TlsIdentity[certificate=" + certificate + "]";
  }
}
