package dev.slipway.hooks.context;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks a tar without trusting it: nothing is written outside the directory or through a link,
 * and no link points out of the top directory that it lies in.
 */
final class ContextUnpacker {
  private final Path root;

  private ContextUnpacker(Path root) {
    this.root = root;
  }

  /**
   * Unpacks into an existing directory.
   *
   * @throws UnsafeArchiveException naming the entry that may not be unpacked
   */
  static void unpack(InputStream in, Path directory) throws IOException {
    ContextUnpacker unpacker = new ContextUnpacker(directory.toRealPath());
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new BufferedInputStream(in), StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpacker.entry(entry, tar);
      }
    }
    unpacker.checkLinks();
  }

  /** Says which entry of an archive may not be unpacked, and why. */
  static final class UnsafeArchiveException extends IOException {
    UnsafeArchiveException(String entry, String why) {
      super("\"%s\" in the build context %s".formatted(entry, why));
    }
  }

  private void entry(TarArchiveEntry entry, InputStream content) throws IOException {
    Path path = place(entry.getName());
    if (entry.isSymbolicLink()) {
      checkTarget(entry, path);
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (entry.isDirectory()) {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(path);
      }
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    } else if (isRegular(entry)) {
      Files.copy(content, path);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
      Files.setLastModifiedTime(path, FileTime.from(entry.getLastModifiedDate().toInstant()));
    } else {
      throw new UnsafeArchiveException(entry.getName(), "is no file, directory or symbolic link");
    }
  }

  /** The library calls everything a file that is nothing else it knows. */
  private static boolean isRegular(TarArchiveEntry entry) {
    return entry.getLinkFlag() == TarConstants.LF_NORMAL
        || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
  }

  /** Where an entry goes: below the root, in a directory that is one and no link to one. */
  private Path place(String name) throws UnsafeArchiveException {
    Path path = root;
    // Names of directories end in a slash.
    String[] names = name.replaceFirst("/$", "").split("/", -1);
    if (name.startsWith("/")) {
      throw new UnsafeArchiveException(name, "is absolute");
    }
    for (String part : names) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw new UnsafeArchiveException(name, "leads out of it");
      }
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new UnsafeArchiveException(name, "lies behind a link");
      }
      path = path.resolve(part);
    }
    return path;
  }

  private void checkTarget(TarArchiveEntry entry, Path link) throws UnsafeArchiveException {
    Path target = Path.of(entry.getLinkName());
    Path parent = link.getParent();
    if (target.isAbsolute()
        || parent == null
        || parent.equals(root)
        || !parent.resolve(target).normalize().startsWith(top(link))) {
      throw new UnsafeArchiveException(entry.getName(), "is a link that leads out of it");
    }
  }

  /** Links may lead through other links: what counts in the end is where they really lead. */
  private void checkLinks() throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isSymbolicLink()
                && Files.exists(file)
                && !file.toRealPath().startsWith(top(file))) {
              throw new UnsafeArchiveException(
                  root.relativize(file).toString(), "is a link that leads out of it");
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private Path top(Path path) {
    return root.resolve(root.relativize(path).getName(0));
  }
}
