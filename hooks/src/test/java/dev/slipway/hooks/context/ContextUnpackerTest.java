package dev.slipway.hooks.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContextUnpackerTest {
  @TempDir private Path directory;

  record Item(String name, byte type, String text) {}

  static Stream<Arguments> attacks() {
    return Stream.of(
        attack("path upwards", file("context/../../escaped")),
        attack("absolute path", file("/tmp/escaped")),
        attack("link upwards", link("context/l", "../../escaped")),
        attack("absolute link", link("context/l", "/etc/passwd")),
        attack("link beside the top directories", link("l", "context")),
        attack("link to the directory beside", link("context/l", "../dockerfile")),
        attack(
            "file through a link",
            directory("context/d"),
            link("context/l", "d"),
            file("context/l/x")),
        attack(
            "link through a link",
            directory("context/a"),
            directory("context/a/b"),
            link("context/l", "a/b"),
            link("context/m", "l/../../../escaped")),
        attack(
            "links that are harmless one by one",
            directory("context/a"),
            directory("context/a/b"),
            link("context/s", "a/../.."),
            link("context/m", "s/escaped")),
        attack("hard link", new Item("context/h", TarConstants.LF_LINK, "/etc/passwd")),
        attack("device", new Item("context/dev", TarConstants.LF_CHR, "")),
        attack("pipe", new Item("context/pipe", TarConstants.LF_FIFO, "")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void refusesWhatLeadsOut(String attack, List<Item> items) throws IOException {
    Files.writeString(directory.resolve("escaped"), "outside");
    Path into = Files.createDirectory(directory.resolve("into"));

    assertThatThrownBy(() -> ContextUnpacker.unpack(tar(items), into))
        .isInstanceOf(ContextUnpacker.UnsafeArchiveException.class)
        .hasMessageContaining("in the build context");
    assertThat(directory.resolve("escaped")).hasContent("outside");
  }

  @Test
  void keepsLinksThatStayInsideAlsoWhenTheyLeadNowhere() throws IOException {
    Path into = Files.createDirectory(directory.resolve("into"));

    ContextUnpacker.unpack(
        tar(
            List.of(
                directory("context"),
                directory("context/a"),
                link("context/a/up", "../a"),
                link("context/nowhere", "not/there"))),
        into);

    assertThat(Files.readSymbolicLink(into.resolve("context/a/up"))).hasToString("../a");
    assertThat(Files.isSymbolicLink(into.resolve("context/nowhere"))).isTrue();
  }

  private static Arguments attack(String name, Item... items) {
    return Arguments.of(
        name, Stream.concat(Stream.of(directory("context")), Stream.of(items)).toList());
  }

  private static Item file(String name) {
    return new Item(name, TarConstants.LF_NORMAL, "overwritten");
  }

  private static Item directory(String name) {
    return new Item(name + "/", TarConstants.LF_DIR, "");
  }

  private static Item link(String name, String target) {
    return new Item(name, TarConstants.LF_SYMLINK, target);
  }

  private static ByteArrayInputStream tar(List<Item> items) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Item item : items) {
        TarArchiveEntry entry = new TarArchiveEntry(item.name(), item.type(), true);
        byte[] content = new byte[0];
        if (item.type() == TarConstants.LF_NORMAL) {
          content = item.text().getBytes(StandardCharsets.UTF_8);
          entry.setSize(content.length);
        } else {
          entry.setLinkName(item.text());
        }
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
