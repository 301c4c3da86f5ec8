package dev.slipway.hooks.context;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks a tar without trusting it: nothing is written outside the directory or through a link,
 * and no link points out of the top directory that it lies in.
 */
final class ContextUnpacker {
  /** After so many Go, and with it Kaniko, gives a link up; the kernel long before. */
  private static final int MAX_LINKS = 255;

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
        new TarArchiveInputStream(new BufferedInputStream(in), TarNames.CHARSET.name())) {
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
      Files.createSymbolicLink(path, target(entry, path));
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
      throw unsafe(entry.getName(), "is no file, directory or symbolic link");
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
      throw unsafe(name, "is absolute");
    }
    for (String part : names) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw unsafe(name, "leads out of it");
      }
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw unsafe(name, "lies behind a link");
      }
      path = path.resolve(TarNames.path(part));
    }
    return path;
  }

  private Path target(TarArchiveEntry entry, Path link) throws UnsafeArchiveException {
    Path target = TarNames.path(entry.getLinkName());
    Path parent = link.getParent();
    if (entry.getLinkName().startsWith("/") || parent == null || parent.equals(root)) {
      throw unsafe(entry.getName(), "is a link that leads out of it");
    }
    return target;
  }

  private static UnsafeArchiveException unsafe(String name, String why) {
    return new UnsafeArchiveException(TarNames.text(name), why);
  }

  /** Links may lead through other links: what counts in the end is where they really lead. */
  private void checkLinks() throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isSymbolicLink() && leadsOut(file)) {
              throw new UnsafeArchiveException(
                  root.relativize(file).toString(), "is a link that leads out of it");
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Name by name: where it leads need not be there yet, but may be where the builder runs. */
  private boolean leadsOut(Path link) throws IOException {
    Path top = top(link);
    Deque<Path> ahead = new ArrayDeque<>();
    top.relativize(link).forEach(ahead::add);
    Path at = top;
    for (int links = 0; !ahead.isEmpty() && links <= MAX_LINKS; ) {
      Path next = at.resolve(ahead.pop()).normalize();
      if (!next.startsWith(top)) {
        return true;
      }
      if (Files.isSymbolicLink(next)) {
        links++;
        Path target = Files.readSymbolicLink(next);
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
          ahead.push(target.getName(i));
        }
      } else {
        at = next;
      }
    }
    return false;
  }

  private Path top(Path path) {
    return root.resolve(root.relativize(path).getName(0));
  }
}
