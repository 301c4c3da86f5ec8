package dev.slipway.demo.cluster.api.pki;

import dev.slipway.demo.cluster.tls.TlsIdentity;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;
import org.bouncycastle.util.io.pem.PemObject;

/** The certificate authority that one embedded cluster makes for itself and forgets at its end. */
public final class CertificateAuthority {
  private static final X500Name ISSUER = new X500Name("CN=slipway-embedded-ca");
  private static final Duration LIFETIME = Duration.ofDays(30);
  private static final String CURVE = "secp256r1";

  private final KeyPair keys;
  private final X509Certificate certificate;
  private final Set<X509Certificate> issued = ConcurrentHashMap.newKeySet();

  private CertificateAuthority(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  public static CertificateAuthority create() {
    return making(
        () -> {
          var keys = newKeys();
          var builder = certificateFor(ISSUER, keys);
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
          var usage = new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature);
          builder.addExtension(Extension.keyUsage, true, usage);
          return new CertificateAuthority(keys, sign(builder, keys.getPrivate()));
        });
  }

  private static <T> T making(Callable<T> step) {
    try {
      return step.call();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot make a certificate of the cluster", e);
    }
  }

  /** The CA certificate as PEM text. */
  public String pem() {
    return making(() -> pem(certificate));
  }

  /** With its curve, without which no client can read it. */
  private static PemObject curveAndKey(KeyPair pair) throws IOException {
    if (!(pair.getPrivate() instanceof java.security.interfaces.ECPrivateKey key)) {
      throw new IllegalStateException("All keys are on " + CURVE);
    }
    var bits = key.getParams().getOrder().bitLength();
    var content = new ECPrivateKey(bits, key.getS(), SECObjectIdentifiers.secp256r1);
    return new PemObject("EC PRIVATE KEY", content.getEncoded());
  }

  private static String pem(Object keyOrCertificate) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(keyOrCertificate);
    }
    return text.toString();
  }

  /** Of a client, whose certificate names a user and the user's groups. */
  public TlsIdentity client(String user, List<String> groups) {
    var subject = new X500NameBuilder();
    groups.forEach(group -> subject.addRDN(BCStyle.O, group));
    subject.addRDN(BCStyle.CN, user);
    return making(
        () -> {
          var clientKeys = newKeys();
          var builder = certificateFor(subject.build(), clientKeys);
          var purpose = new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth);
          builder.addExtension(Extension.extendedKeyUsage, false, purpose);
          var signed = sign(builder, keys.getPrivate());
          issued.add(signed);
          return new TlsIdentity(pem(), pem(signed), pem(curveAndKey(clientKeys)));
        });
  }

  /**
   * Of a server.
   *
   * @param hosts the DNS names and IP addresses that clients reach it by
   */
  public TlsIdentity server(String commonName, String... hosts) {
    var names =
        Stream.of(hosts)
            .map(
                host ->
                    new GeneralName(
                        IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName,
                        host))
            .toArray(GeneralName[]::new);
    return making(
        () -> {
          var serverKeys = newKeys();
          var builder = certificateFor(new X500Name("CN=" + commonName), serverKeys);
          builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
          var signed = sign(builder, keys.getPrivate());
          return new TlsIdentity(pem(), pem(signed), pem(curveAndKey(serverKeys)));
        });
  }

  /**
   * Whom a client certificate names.
   *
   * @param organizations the user's groups
   * @param fingerprint SHA-256 in lower-case hexadecimal digits
   */
  public record Subject(String commonName, List<String> organizations, String fingerprint) {}

  /** Empty when this CA has not signed the certificate, or not for a client, or not for now. */
  public Optional<Subject> subject(X509Certificate shown, Instant now) {
    try {
      // Cheaper than a signature's check for every request, and the same: the key never leaves
      // here.
      if (!issued.contains(shown)) {
        return Optional.empty();
      }
      shown.checkValidity(Date.from(now));
      var purposes = shown.getExtendedKeyUsage();
      if (purposes == null || !purposes.contains(KeyPurposeId.id_kp_clientAuth.getId())) {
        return Optional.empty();
      }
      var name = new JcaX509CertificateHolder(shown).getSubject();
      var fingerprint = MessageDigest.getInstance("SHA-256").digest(shown.getEncoded());
      return texts(name, BCStyle.CN).stream()
          .findFirst()
          .map(
              commonName ->
                  new Subject(
                      commonName, texts(name, BCStyle.O), HexFormat.of().formatHex(fingerprint)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static List<String> texts(X500Name name, ASN1ObjectIdentifier type) {
    return Stream.of(name.getRDNs(type))
        .flatMap(rdn -> Stream.of(rdn.getTypesAndValues()))
        .filter(each -> each.getType().equals(type))
        .map(each -> IETFUtils.valueToString(each.getValue()))
        .toList();
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(CURVE));
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
}
