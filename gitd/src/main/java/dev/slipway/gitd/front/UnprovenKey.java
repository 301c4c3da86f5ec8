package dev.slipway.gitd.front;

import java.util.concurrent.CompletableFuture;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * Asks a server whether a key would do (RFC 4252, section 7) and stops there: the signature follows
 * when somebody says so.
 */
final class UnprovenKey extends UserAuthPublicKey {
  /** Completed with what gives the signature, once the server has said that the key would do. */
  static final AttributeKey<CompletableFuture<Signing>> WOULD_DO = new AttributeKey<>();

  /** Makes such authentications. */
  static final class Factory extends UserAuthPublicKeyFactory {
    @Override
    public UserAuthPublicKey createUserAuth(ClientSession session) {
      return new UnprovenKey();
    }
  }

  /** The second half of the authentication. */
  @FunctionalInterface
  interface Signing {
    void send() throws Exception;
  }

  @Override
  protected boolean processAuthDataRequest(ClientSession session, String service, Buffer answer) {
    CompletableFuture<Signing> wouldDo = session.getAttribute(WOULD_DO);
    if (wouldDo == null) {
      return false;
    }
    // The session reuses its buffer for the next packet.
    byte[] kept = answer.getCompactData();
    return wouldDo.complete(
        () -> super.processAuthDataRequest(session, service, new ByteArrayBuffer(kept)));
  }
}
