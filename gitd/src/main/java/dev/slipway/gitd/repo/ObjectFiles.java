package dev.slipway.gitd.repo;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ProgressMonitor;

/** The files that objects lie in: puts new packs in their place, and deletes old ones. */
final class ObjectFiles {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Of an upkeep that is told to stop. */
  static final ProgressMonitor UNTIL_INTERRUPTED =
      new EmptyProgressMonitor() {
        @Override
        public boolean isCancelled() {
          return Thread.currentThread().isInterrupted();
        }
      };

  private final FileRepository repository;
  private final Path folder;

  ObjectFiles(FileRepository repository) {
    this.repository = repository;
    this.folder = repository.getObjectDatabase().getPackDirectory().toPath();
  }

  /** Says that a pack would take more room than it is worth. */
  static final class TooLargeException extends IOException {
    TooLargeException(long limit) {
      super("the new pack would be larger than " + limit + " bytes");
    }
  }

  /**
   * A name that no pack has. JGit names a pack after the objects in it, so that there may be one of
   * that name already: another push is just putting it there, or upkeep is about to delete it.
   */
  static Path unique(Path folder) {
    byte[] unique = new byte[20];
    RANDOM.nextBytes(unique);
    return folder.resolve("pack-" + HexFormat.of().formatHex(unique) + ".pack");
  }

  /** The index that belongs to a pack. */
  static Path index(Path pack) {
    return pack.resolveSibling(pack.getFileName().toString().replaceFirst("\\.pack$", ".idx"));
  }

  /** Bytes that a pack takes. */
  static long bytes(Pack pack) {
    return pack.getPackFile().length();
  }

  /**
   * Writes a pack and lets everybody read from it.
   *
   * @param prepared knows what goes into it
   * @param limit bytes that it may take
   */
  Pack write(PackWriter prepared, long limit) throws IOException {
    Path pack = Files.createTempFile(folder, "gc_", "_tmp");
    Path index = Files.createTempFile(folder, "gc_", "_tmp");
    try {
      write(
          pack,
          out -> prepared.writePack(UNTIL_INTERRUPTED, UNTIL_INTERRUPTED, new Limited(out, limit)));
      write(index, prepared::writeIndex);
      Path named = unique(folder);
      Files.move(pack, named, StandardCopyOption.ATOMIC_MOVE);
      // A pack is there as soon as its index is, so that comes last.
      Files.move(index, index(named), StandardCopyOption.ATOMIC_MOVE);
      return repository.getObjectDatabase().openPack(named.toFile());
    } finally {
      Files.deleteIfExists(pack);
      Files.deleteIfExists(index);
    }
  }

  /** What writes the content of a file. */
  private interface Content {
    void to(OutputStream out) throws IOException;
  }

  private static void write(Path file, Content content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
      content.to(out);
      out.flush();
      channel.force(true);
    }
  }

  /** Takes so many bytes and no more. */
  private static final class Limited extends FilterOutputStream {
    private final long limit;
    private long written;

    Limited(OutputStream out, long limit) {
      super(out);
      this.limit = limit;
    }

    @Override
    public void write(int b) throws IOException {
      take(1);
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      take(length);
      out.write(bytes, offset, length);
    }

    private void take(int length) throws IOException {
      written += length;
      if (written > limit) {
        throw new TooLargeException(limit);
      }
    }
  }

  /** Deletes packs, of which nothing is needed that is not elsewhere too. */
  void delete(Collection<Pack> packs) throws IOException {
    for (Pack pack : packs) {
      pack.close();
      Path file = pack.getPackFile().toPath();
      Files.deleteIfExists(file);
      Files.deleteIfExists(index(file));
    }
    if (!packs.isEmpty()) {
      // JGit looks anew for what there is when it is asked next.
      repository.getObjectDatabase().close();
    }
  }

  /** An object in a file of its own, which gitd does not make, and other tools may. */
  record Loose(ObjectId id, Path file) {}

  /** All of those. */
  List<Loose> loose() throws IOException {
    List<Loose> found = new ArrayList<>();
    Path objects = repository.getObjectsDirectory().toPath();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(objects, "[0-9a-f][0-9a-f]")) {
      for (Path folder : folders) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9a-f]*")) {
          for (Path file : files) {
            String name = folder.getFileName().toString() + file.getFileName();
            if (ObjectId.isId(name)) {
              found.add(new Loose(ObjectId.fromString(name), file));
            }
          }
        }
      }
    }
    return found;
  }
}
