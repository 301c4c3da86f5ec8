package dev.slipway.hooks.context;

import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Carries names through a tar byte for byte: git's are bytes in any encoding. Inside, each
 * character of a name stands for one byte.
 */
final class TarNames {
  /** The one encoding that gives back every byte as it was. */
  static final Charset CHARSET = StandardCharsets.ISO_8859_1;

  private TarNames() {}

  static String of(byte[] name) {
    return new String(name, CHARSET);
  }

  static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** For people. */
  static String text(String name) {
    return new String(name.getBytes(CHARSET), StandardCharsets.UTF_8);
  }

  /**
   * A relative path of these bytes. Java makes bytes of a string in the encoding of the locale that
   * it was started in, of a URI it takes them as they are.
   */
  static Path path(String name) {
    List<Path> parts =
        Stream.of(name.split("/", -1)).filter(part -> !part.isEmpty()).map(TarNames::part).toList();
    return parts.stream().reduce(Path::resolve).orElse(Path.of(""));
  }

  private static Path part(String name) {
    String escaped = "%" + HexFormat.ofDelimiter("%").formatHex(name.getBytes(CHARSET));
    return Objects.requireNonNull(Path.of(URI.create("file:///" + escaped)).getFileName());
  }
}
