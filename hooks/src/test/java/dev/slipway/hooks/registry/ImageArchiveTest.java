package dev.slipway.hooks.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a step of a Dockerfile may have put in the place of the builder's archive. */
class ImageArchiveTest {
  @TempDir Path folder;

  private interface Entries {
    void writeTo(TarArchiveOutputStream tar) throws IOException;
  }

  @Test
  void digestsAreThoseOfWhatIsThereWhateverItsNamesSay() throws IOException {
    Path file =
        archive(
            tar -> {
              add(tar, "sha256:0000", "{}");
              add(tar, "../../etc/passwd", "layer");
              add(
                  tar,
                  "manifest.json",
                  "[{\"Config\": \"sha256:0000\", \"Layers\": [\"../../etc/passwd\"]}]");
            });

    try (ImageArchive archive = ImageArchive.open(file)) {
      assertThat(archive.blobs())
          .extracting(ImageArchive.Blob::digest)
          .containsExactly(
              "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
              "sha256:dac1d7cfa95021764849fd102524e141488c5e3a90f861dbb5a12d9ac8584f85");
    }
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path secret = Files.writeString(folder.resolve("config.json"), "s3cret".repeat(100));
    Path link = Files.createSymbolicLink(folder.resolve("image.tar"), secret);

    assertThatThrownBy(() -> ImageArchive.open(link))
        .isInstanceOf(IOException.class)
        .hasMessage("there is no file");
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_GNUTYPE_SPARSE})
  void anEntryThatIsNotPlainIsNone(byte kind) throws IOException {
    Path file =
        archive(
            tar -> {
              var layer = new TarArchiveEntry("layer", kind);
              layer.setLinkName("/var/run/slipway/credentials/config.json");
              tar.putArchiveEntry(layer);
              tar.closeArchiveEntry();
              add(tar, "config", "{}");
              add(tar, "manifest.json", "[{\"Config\": \"config\", \"Layers\": [\"layer\"]}]");
            });

    assertThatThrownBy(() -> ImageArchive.open(file))
        .isInstanceOf(IOException.class)
        .hasMessage("\"layer\" is not in it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{}", "null", "[{\"Config\": {}}]", "[[[[", "[{\"Config\": 7}]"})
  void anIndexOfNothingIsRefused(String index) throws IOException {
    Path file = archive(tar -> add(tar, "manifest.json", index));

    assertThatThrownBy(() -> ImageArchive.open(file)).isInstanceOf(IOException.class);
  }

  @Test
  void noMoreIsReadThanAnyImageHas() throws IOException {
    Path crowd =
        archive(
            tar -> {
              for (int i = 0; i < 1025; i++) {
                add(tar, "layer-" + i, "");
              }
            });
    Path repeated =
        archive(
            tar -> {
              add(tar, "config", "{}");
              String layers = "\"config\",".repeat(1024) + "\"config\"";
              add(tar, "manifest.json", "[{\"Config\": \"config\", \"Layers\": [" + layers + "]}]");
            });

    assertThatThrownBy(() -> ImageArchive.open(crowd)).hasMessage("it has more than 1024 entries");
    assertThatThrownBy(() -> ImageArchive.open(repeated))
        .hasMessage("it has more than 1024 layers");
  }

  @Test
  void whatIsCutOffIsRefused() throws IOException {
    Path whole =
        archive(
            tar -> {
              add(tar, "config", "{}");
              add(tar, "layer", "x".repeat(5000));
              add(tar, "manifest.json", "[{\"Config\": \"config\", \"Layers\": [\"layer\"]}]");
            });
    Path cut =
        Files.write(folder.resolve("cut.tar"), Arrays.copyOf(Files.readAllBytes(whole), 3000));

    assertThatThrownBy(() -> ImageArchive.open(cut)).isInstanceOf(IOException.class);
  }

  private Path archive(Entries entries) throws IOException {
    Path file = Files.createTempFile(folder, "image", ".tar");
    try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      entries.writeTo(tar);
    }
    return file;
  }

  private static void add(TarArchiveOutputStream tar, String name, String content)
      throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    var entry = new TarArchiveEntry(name, /* preserveAbsolutePath= */ true);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
