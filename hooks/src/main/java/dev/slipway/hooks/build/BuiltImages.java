package dev.slipway.hooks.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which image came of which inputs: a file for each, named by their fingerprint. What
 * cannot be read or written is not remembered, and built.
 */
public final class BuiltImages {
  private static final Logger log = LoggerFactory.getLogger(BuiltImages.class);

  private final Path directory;
  private final Clock clock;
  private final int kept;

  /**
   * @param directory on the volume of the repository, where no push writes
   * @param kept how many are remembered; those that were not used for longest are forgotten
   */
  public BuiltImages(Path directory, Clock clock, int kept) {
    this.directory = directory;
    this.clock = clock;
    this.kept = kept;
  }

  Optional<BuiltImage> find(String fingerprint) {
    Path file = directory.resolve(fingerprint);
    try {
      Optional<BuiltImage> image = BuiltImage.parse(Files.readString(file));
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      return image;
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      log.warn("What was built before cannot be read", e);
      return Optional.empty();
    }
  }

  synchronized void remember(String fingerprint, BuiltImage image) {
    Path file = directory.resolve(fingerprint);
    try {
      Files.createDirectories(directory);
      Path whole = directory.resolve(fingerprint + ".new");
      Files.writeString(whole, image.text());
      Files.setLastModifiedTime(whole, FileTime.from(clock.instant()));
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      forget();
    } catch (IOException e) {
      log.warn("What was built cannot be remembered, so it will be built again", e);
    }
  }

  private void forget() throws IOException {
    record Aged(Path file, FileTime used) {}
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.toList();
    }
    if (files.size() > kept) {
      Stream.Builder<Aged> aged = Stream.builder();
      for (Path file : files) {
        aged.add(new Aged(file, Files.getLastModifiedTime(file)));
      }
      List<Aged> oldest =
          aged.build()
              .sorted(Comparator.comparing(Aged::used))
              .limit(files.size() - (long) kept)
              .toList();
      for (Aged each : oldest) {
        Files.delete(each.file());
      }
    }
  }
}
