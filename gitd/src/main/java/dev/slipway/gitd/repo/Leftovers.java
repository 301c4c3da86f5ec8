package dev.slipway.gitd.repo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a gitd that was killed has left in the repository. No other one is running any more. */
final class Leftovers {
  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  private Leftovers() {}

  /**
   * Deletes them.
   *
   * @param repository the bare repository's folder
   * @param quarantines where unfinished pushes lie
   */
  static void sweep(Path repository, Path quarantines) throws IOException {
    delete(quarantines);
    Path objects = repository.resolve("objects");
    Path packs = objects.resolve("pack");
    // JGit's temporary files: of packs that came in, of loose objects, of packs being rewritten.
    deleteAll(objects, "{incoming_*,noz*,unpack*}");
    deleteAll(packs, "{gc_*_tmp,*.keep}");
    deleteWithout(packs, "pack", "idx");
    deleteWithout(packs, "idx", "pack");
    deleteLocks(repository);
  }

  /** A pack and its index come and go one after the other. */
  private static void deleteWithout(Path packs, String one, String other) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(packs, "pack-*." + one)) {
      for (Path file : found) {
        String name = file.getFileName().toString();
        String twin = name.substring(0, name.length() - one.length()) + other;
        if (!Files.exists(packs.resolve(twin))) {
          delete(file);
        }
      }
    }
  }

  private static void deleteAll(Path folder, String glob) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
      for (Path file : found) {
        delete(file);
      }
    }
  }

  /** A ref whose lock stays behind could never move again. */
  private static void deleteLocks(Path repository) throws IOException {
    deleteAll(repository, "{*.lock,gc.pid}");
    var locks =
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.getFileName().toString().endsWith(".lock")) {
              delete(file);
            }
            return FileVisitResult.CONTINUE;
          }
        };
    for (String folder : List.of("refs", "logs")) {
      if (Files.exists(repository.resolve(folder))) {
        Files.walkFileTree(repository.resolve(folder), locks);
      }
    }
  }

  /** Deletes a file, or a folder with all that is in it, if it is there. */
  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    log.atDebug().addKeyValue("path", path).log("deleted");
    var delete =
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        };
    Files.walkFileTree(path, delete);
  }
}
