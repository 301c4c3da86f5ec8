package dev.slipway.gitd.repo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Forgets what refs pointed to long ago, which JGit never does; no ref may move meanwhile. */
final class Reflogs {
  /** {@code <old> <new> <who> <seconds since 1970> <zone>\t<what>}. */
  private static final Pattern TIME = Pattern.compile("> (\\d+) [+-]\\d{4}(?:\\t|$)");

  private Reflogs() {}

  static void dropBefore(Path repository, Instant before) throws IOException {
    Path logs = repository.resolve("logs");
    if (!Files.exists(logs)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> found = Files.walk(logs)) {
      files = found.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      // Latin-1 gives back every byte as it was.
      List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      List<String> kept = lines.stream().filter(line -> !time(line).isBefore(before)).toList();
      if (kept.size() < lines.size()) {
        Path next = file.resolveSibling(file.getFileName() + ".lock");
        Files.write(next, kept, StandardCharsets.ISO_8859_1);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** An entry that nobody can read keeps nothing. */
  private static Instant time(String line) {
    Matcher time = TIME.matcher(line);
    return time.find() ? Instant.ofEpochSecond(Long.parseLong(time.group(1))) : Instant.EPOCH;
  }
}
