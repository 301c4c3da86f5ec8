package dev.slipway.hooks.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

class PackedSubchartTest {
  @Test
  void measuresWhatItTakesUnpacked() throws Exception {
    byte[] packed = packed("db/values.yaml", 100_000);

    assertThat(packed).hasSizeLessThan(5_000);
    assertThat(PackedSubchart.unpacked(packed, 1 << 20)).isBetween(100_000L, 150_000L);
    assertThat(PackedSubchart.unpacked(packed, 50_000)).isEqualTo(50_001);
  }

  @Test
  void refusesPackedChartsWithinAndWhatIsNone() throws Exception {
    byte[] nested = packed("db/charts/cache.tgz", 10);

    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> PackedSubchart.unpacked(nested, 1 << 20))
        .withMessage("a packed chart must not hold another packed chart");
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> PackedSubchart.unpacked(new byte[] {1, 2, 3}, 1 << 20))
        .withMessage("is no packed chart");
  }

  private static byte[] packed(String name, int size) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(size);
      tar.putArchiveEntry(entry);
      tar.write(new byte[size]);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }
}
