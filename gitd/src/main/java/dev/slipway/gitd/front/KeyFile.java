package dev.slipway.gitd.front;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** Reads a private key in OpenSSH's format. */
final class KeyFile {
  private KeyFile() {}

  static KeyPair read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var keys =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName(file.toString()), in, FilePasswordProvider.EMPTY);
      if (keys == null || !keys.iterator().hasNext()) {
        throw new IOException(file + " holds no private key");
      }
      return keys.iterator().next();
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " cannot be read as a private key", e);
    }
  }
}
