package dev.slipway.demo.cluster.api.pki;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The certificate authority that one embedded cluster makes for itself and forgets at its end. */
public final class CertificateAuthority {
  private static final X500Name ISSUER = new X500Name("CN=slipway-embedded-ca");
  private static final Duration LIFETIME = Duration.ofDays(30);
  private static final char[] NO_PASSWORD = new char[0];

  private final KeyPair keys;
  private final X509Certificate certificate;

  private CertificateAuthority(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  public static CertificateAuthority create() {
    try {
      var keys = newKeys();
      var builder = certificateFor(ISSUER, keys);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature));
      return new CertificateAuthority(keys, sign(builder, keys.getPrivate()));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("Cannot make the cluster's certificate authority", e);
    }
  }

  /** The CA certificate as PEM text. */
  public String pem() {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write the CA certificate as PEM", e);
    }
    return text.toString();
  }

  /** TLS for a server on loopback that also knows clients whose certificate this CA signed. */
  public SSLContext serverContext(String... dnsNames) {
    try {
      var serverKeys = newKeys();
      var builder = certificateFor(new X500Name("CN=kube-apiserver"), serverKeys);
      builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(dnsNames));
      var serverCertificate = sign(builder, keys.getPrivate());

      var identity = emptyStore();
      identity.setKeyEntry(
          "server",
          serverKeys.getPrivate(),
          NO_PASSWORD,
          new X509Certificate[] {serverCertificate, certificate});
      var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(identity, NO_PASSWORD);

      var trusted = emptyStore();
      trusted.setCertificateEntry("ca", certificate);
      var trustManagers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trustManagers.init(trusted);

      var context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("Cannot make the API server's certificate", e);
    }
  }

  private static GeneralNames alternativeNames(String... dnsNames) {
    var names = new GeneralName[dnsNames.length + 1];
    names[0] =
        new GeneralName(GeneralName.iPAddress, InetAddress.getLoopbackAddress().getHostAddress());
    for (int i = 0; i < dnsNames.length; i++) {
      names[i + 1] = new GeneralName(GeneralName.dNSName, dnsNames[i]);
    }
    return new GeneralNames(names);
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder certificateFor(X500Name subject, KeyPair keys) {
    var now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        ISSUER,
        new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
        Date.from(now.minus(Duration.ofMinutes(5))),
        Date.from(now.plus(LIFETIME)),
        subject,
        keys.getPublic());
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey signer)
      throws GeneralSecurityException, OperatorCreationException {
    var contentSigner = new JcaContentSignerBuilder("SHA256withECDSA").build(signer);
    return new JcaX509CertificateConverter().getCertificate(builder.build(contentSigner));
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
