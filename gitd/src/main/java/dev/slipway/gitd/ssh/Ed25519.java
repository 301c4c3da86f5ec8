package dev.slipway.gitd.ssh;

import java.security.Provider;
import java.util.Optional;
import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.eddsa.bouncycastle.BouncyCastleEdDSASupport;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

/**
 * Gives MINA the keys of BouncyCastle for which it asks, without BouncyCastle's provider, which
 * enters thousands of algorithms at each start. The JDK signs and verifies with them and does all
 * else; the post-quantum key exchanges need no provider.
 */
public final class Ed25519 extends AbstractSecurityProviderRegistrar {
  private static final Provider PROVIDER = new Classes();

  private static final class Classes extends Provider {
    private static final String PACKAGE = "org.bouncycastle.jcajce.provider.asymmetric.edec.";

    Classes() {
      super("SlipwayEd25519", "1", "BouncyCastle's Ed25519 keys");
      put("KeyFactory.Ed25519", PACKAGE + "KeyFactorySpi$Ed25519");
      // By the name by which MINA asks, and yet for this curve alone.
      put("KeyFactory.EdDSA", PACKAGE + "KeyFactorySpi$Ed25519");
      put("KeyPairGenerator.EdDSA", PACKAGE + "KeyPairGeneratorSpi$Ed25519");
    }
  }

  /** For MINA, which makes it by its name. */
  public Ed25519() {
    super(PROVIDER.getName());
  }

  @Override
  public boolean isSupported() {
    return true;
  }

  @Override
  public String getProviderName() {
    return PROVIDER.getName();
  }

  @Override
  public Provider getSecurityProvider() {
    return PROVIDER;
  }

  /** Else it would be one of the JVM's, whom anybody asks. */
  @Override
  public boolean isNamedProviderUsed() {
    return false;
  }

  @Override
  public boolean isSecurityEntitySupported(Class<?> kind, String algorithm) {
    return PROVIDER.getService(kind.getSimpleName(), algorithm) != null;
  }

  @Override
  public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
    return Optional.of(new BouncyCastleEdDSASupport());
  }
}
