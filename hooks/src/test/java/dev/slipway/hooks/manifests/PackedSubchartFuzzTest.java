package dev.slipway.hooks.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** A packed chart among the manifests; what is fuzzed is the tar inside. */
class PackedSubchartFuzzTest {

  private static final long LIMIT = 1 << 20;

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    measure(input);
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(input);
    }
    measure(packed.toByteArray());
  }

  private static void measure(byte[] packed) {
    try {
      assertThat(PackedSubchart.unpacked(packed, LIMIT)).isBetween(0L, LIMIT + 1);
    } catch (InvalidManifestException e) {
      assertThat(e).message().isNotBlank().doesNotContainPattern("\\p{Cc}");
    }
  }

  @Test
  void archivesAreMeasuredOrRefused() {
    FuzzRun.of(PackedSubchartFuzzTest.class, PackedSubchartFuzzTest::fuzzerTestOneInput);
  }
}
