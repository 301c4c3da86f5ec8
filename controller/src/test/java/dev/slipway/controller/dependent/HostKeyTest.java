package dev.slipway.controller.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.model.HostKeySecret;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostKeyTest {
  @TempDir Path folder;

  @Test
  void opensshReadsThePrivateKeyAndFindsThePublicOneInIt() throws Exception {
    Secret secret = new SecretBuilder().withData(HostKey.generate()).build();
    Path file = folder.resolve("key");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, Base64.getDecoder().decode(secret.getData().get(HostKeySecret.PRIVATE_KEY)));

    assertThat(publicKeyOf(file)).isEqualTo(HostKey.publicKey(secret).orElseThrow());
  }

  @Test
  void takesAKeyThatSomebodyHasBroughtAlong() {
    String line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIAaqKHaN9AQX";
    Secret secret =
        new SecretBuilder()
            .addToData(
                HostKeySecret.PUBLIC_KEY,
                Base64.getEncoder()
                    .encodeToString(
                        (line + " root@gitkubed\n").getBytes(StandardCharsets.US_ASCII)))
            .build();

    assertThat(HostKey.publicKey(secret)).contains(line);
  }

  @Test
  void everyKeyIsAnother() {
    assertThat(HostKey.generate()).isNotEqualTo(HostKey.generate());
  }

  private static String publicKeyOf(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("ssh-keygen", "-y", "-f", file.toString())
            .redirectErrorStream(true)
            .start();
    try (var output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor()).as(text).isZero();
      return text;
    }
  }
}
