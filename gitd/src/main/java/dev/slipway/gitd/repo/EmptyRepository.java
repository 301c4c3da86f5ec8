package dev.slipway.gitd.repo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the bare repository when there is none, or only part of one: gitd may be killed midway. */
final class EmptyRepository {
  private static final Logger log = LoggerFactory.getLogger(EmptyRepository.class);

  /** Without which it is none, or cannot be written to. */
  private static final List<String> PARTS =
      List.of(
          Constants.CONFIG,
          "objects/pack",
          "objects/info",
          "refs/heads",
          "refs/tags",
          Constants.HEAD);

  private EmptyRepository() {}

  /** Leaves a repository that is whole as it is; what is missing is made, nothing replaced. */
  static void ensure(Path folder) throws IOException {
    Path aside = folder.resolveSibling(folder.getFileName() + ".new");
    Leftovers.delete(aside);
    if (isWhole(folder)) {
      return;
    }
    try (FileRepository created = new FileRepository(aside.toFile())) {
      created.create(true);
    }
    if (Files.exists(folder)) {
      complete(folder, aside);
      log.atWarn().addKeyValue("repository", folder).log("repository completed");
    } else {
      Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
      log.atInfo().addKeyValue("repository", folder).log("repository created");
    }
  }

  private static boolean isWhole(Path folder) throws IOException {
    for (String part : PARTS) {
      if (isMissing(folder.resolve(part))) {
        return false;
      }
    }
    return true;
  }

  /** After a power cut, files may have names and no content yet. */
  private static boolean isMissing(Path path) throws IOException {
    return !Files.exists(path) || (Files.isRegularFile(path) && Files.size(path) == 0);
  }

  private static void complete(Path folder, Path aside) throws IOException {
    List<Path> parts;
    try (Stream<Path> found = Files.walk(aside)) {
      parts = found.map(aside::relativize).toList();
    }
    for (Path part : parts) {
      Path into = folder.resolve(part);
      if (Files.isDirectory(aside.resolve(part))) {
        Files.createDirectories(into);
      } else if (isMissing(into)) {
        Files.move(aside.resolve(part), into, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Leftovers.delete(aside);
  }
}
