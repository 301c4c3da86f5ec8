package dev.slipway.images;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Jars without their signatures. The JVM checks a signed jar at each start, class by class, and
 * keeps the digests of all its entries in memory. What the signatures would tell, the image's
 * digest does.
 */
final class UnsignedJars {
  private static final String SIGNATURES = "glob:/META-INF/*.{SF,RSA,DSA,EC}";

  private UnsignedJars() {}

  /**
   * Copies them; the same jar gives the same copy. Each has the time that it has in the image: the
   * class archive is for jars of that time.
   *
   * @param folder made new
   */
  static List<Path> of(List<Path> jars, Path folder) throws IOException {
    Folders.empty(folder);
    var copies = new ArrayList<Path>();
    for (Path jar : jars) {
      Path copy = Files.copy(jar, folder.resolve(jar.getFileName()));
      removeSignatures(copy);
      Files.setLastModifiedTime(copy, FileTime.from(FileEntriesLayer.DEFAULT_MODIFICATION_TIME));
      copies.add(copy);
    }
    return copies;
  }

  private static void removeSignatures(Path jar) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar)) {
      List<Path> signatures = signatures(zip);
      for (Path signature : signatures) {
        Files.delete(signature);
      }
      if (!signatures.isEmpty()) {
        removeDigests(zip.getPath("/META-INF/MANIFEST.MF"));
      }
    }
  }

  private static List<Path> signatures(FileSystem zip) throws IOException {
    Path meta = zip.getPath("/META-INF");
    if (!Files.isDirectory(meta)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(meta)) {
      return files.filter(zip.getPathMatcher(SIGNATURES)::matches).toList();
    }
  }

  private static void removeDigests(Path file) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    Manifest manifest;
    try (InputStream in = Files.newInputStream(file)) {
      manifest = new Manifest(in);
    }
    manifest.getEntries().clear();
    try (OutputStream out = Files.newOutputStream(file)) {
      manifest.write(out);
    }
    Files.setLastModifiedTime(file, time);
  }
}
