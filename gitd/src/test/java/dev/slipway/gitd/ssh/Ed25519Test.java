package dev.slipway.gitd.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.junit.jupiter.api.Test;

class Ed25519Test {
  private static final byte[] TEXT = {1, 2, 3};

  /** Of RFC 4253 and of what came later; with the JDK alone MINA leaves out what it cannot do. */
  @Test
  void allThatWouldBeOfferedWithTheWholeProviderIsOffered() {
    assertThat(SecurityUtils.getRegisteredProviders()).doesNotContain("BC");
    assertThat(NamedResource.getNameList(Algorithms.keyExchanges()))
        .containsExactly(
            "mlkem768x25519-sha256",
            "sntrup761x25519-sha512",
            "sntrup761x25519-sha512@openssh.com",
            "curve25519-sha256",
            "curve25519-sha256@libssh.org",
            "ecdh-sha2-nistp256",
            "ecdh-sha2-nistp384",
            "ecdh-sha2-nistp521");
    assertThat(NamedResource.getNameList(Algorithms.signatures()))
        .containsExactly(
            "ssh-ed25519",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "rsa-sha2-512",
            "rsa-sha2-256");
  }

  @Test
  void signatureOfAnotherKeyOrTextIsNone() throws Exception {
    KeyPair pair = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
    KeyPair other = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
    Signature signer = signature();
    signer.initSign(pair.getPrivate());
    signer.update(TEXT);
    byte[] signed = signer.sign();

    assertThat(verifies(pair, TEXT, signed)).isTrue();
    assertThat(verifies(other, TEXT, signed)).isFalse();
    assertThat(verifies(pair, new byte[] {1, 2, 4}, signed)).isFalse();
  }

  @Test
  void keyOfAnotherCurveIsRefused() throws Exception {
    KeyPair ed448 = KeyPairGenerator.getInstance("Ed448").generateKeyPair();
    var encoded = new X509EncodedKeySpec(ed448.getPublic().getEncoded());

    for (String name : List.of(SecurityUtils.ED25519, SecurityUtils.EDDSA)) {
      KeyFactory keys = SecurityUtils.getKeyFactory(name);
      assertThatThrownBy(() -> keys.generatePublic(encoded))
          .isInstanceOf(InvalidKeySpecException.class);
    }
  }

  @Test
  void isNoProviderOfTheJvm() throws Exception {
    assertThat(Security.getProviders())
        .doesNotContain(SecurityUtils.getKeyFactory(SecurityUtils.ED25519).getProvider());
  }

  private static boolean verifies(KeyPair pair, byte[] text, byte[] signed) throws Exception {
    Signature verifier = signature();
    verifier.initVerify(pair.getPublic());
    verifier.update(text);
    return verifier.verify(signed);
  }

  private static Signature signature() throws Exception {
    return SecurityUtils.getSignature(SecurityUtils.EDDSA);
  }
}
