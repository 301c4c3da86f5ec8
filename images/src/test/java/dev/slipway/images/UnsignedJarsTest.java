package dev.slipway.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsignedJarsTest {
  @TempDir Path folder;

  @Test
  void copiesLackTheSignaturesAndDigestsAndKeepTheRest() throws Exception {
    Path jar = jar("META-INF/SIGNER.SF", "META-INF/SIGNER.RSA", "META-INF/services/a", "A.class");

    Path copy = UnsignedJars.of(List.of(jar), folder.resolve("unsigned")).getFirst();

    try (JarFile unsigned = new JarFile(copy.toFile())) {
      assertThat(unsigned.stream().map(ZipEntry::getName))
          .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", "META-INF/services/a", "A.class");
      assertThat(unsigned.getManifest().getEntries()).isEmpty();
      assertThat(unsigned.getManifest().getMainAttributes().getValue("Multi-Release"))
          .isEqualTo("true");
      assertThat(unsigned.getInputStream(unsigned.getEntry("A.class")).readAllBytes())
          .asString()
          .isEqualTo("A.class");
    }
  }

  @Test
  void sameJarGivesTheSameCopy() throws Exception {
    Path jar = jar("META-INF/SIGNER.SF", "META-INF/SIGNER.EC", "A.class");

    Path one = UnsignedJars.of(List.of(jar), folder.resolve("one")).getFirst();
    Path other = UnsignedJars.of(List.of(jar), folder.resolve("other")).getFirst();

    assertThat(other).hasSameBinaryContentAs(one);
  }

  @Test
  void jarWithoutSignaturesStaysAsItIs() throws Exception {
    Path jar = jar("A.class");

    Path copy = UnsignedJars.of(List.of(jar), folder.resolve("unsigned")).getFirst();

    assertThat(copy).hasSameBinaryContentAs(jar);
  }

  private Path jar(String... names) throws Exception {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
    var digest = new Attributes();
    digest.putValue("SHA-256-Digest", "AAAA");
    manifest.getEntries().putAll(Map.of("A.class", digest));
    Path jar = folder.resolve("a.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file, manifest)) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(name.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return jar;
  }
}
