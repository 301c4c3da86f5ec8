package dev.slipway.demo.cluster.tls;

import io.fabric8.kubernetes.client.internal.CertUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

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

  /** For a server or a client that only talks to those whom the authority has named. */
  public SSLContext context() {
    try {
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", parse(authority));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      return context(trust.getTrustManagers());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Cannot use a certificate of the cluster", e);
    }
  }

  /** For a server that lets everybody in, whatever they show, and then says no by itself. */
  public SSLContext contextForAnybody() {
    try {
      return context(new AnyClient(parse(authority)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Cannot use a certificate of the cluster", e);
    }
  }

  private SSLContext context(TrustManager... trust) throws GeneralSecurityException, IOException {
    var identity =
        CertUtils.createKeyStore(
            stream(certificate), stream(key), "EC", NO_PASSWORD, null, NO_PASSWORD);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(identity, NO_PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust, null);
    return context;
  }

  private record AnyClient(X509Certificate issuer) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("only clients are expected here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[] {issuer};
    }
  }

  private static X509Certificate parse(String pem) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(stream(pem));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return "TlsIdentity[certificate=" + certificate + "]";
  }
}
