package dev.slipway.gitd.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gitd.Developer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which private keys an operator may bring along. */
class KeyFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t ed25519",
        "-t ecdsa -b 256",
        "-t ecdsa -b 384",
        "-t ecdsa -b 521 -m PEM",
        "-t ecdsa -b 256 -m PKCS8",
        "-t rsa -b 2048",
        "-t rsa -b 3072 -m PEM",
        "-t rsa -b 2048 -m PKCS8"
      })
  void keysOfAllKindsAndFormatsAreRead(String keygenOptions) throws Exception {
    Developer made = Developer.withKey(folder, "made", keygenOptions.split(" "));

    assertThat(KeyFile.read(made.key()).getPublic()).isEqualTo(made.parsedKey());
  }
}
