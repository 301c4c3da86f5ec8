package dev.slipway.images;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The classes of a program as the JVM maps them into memory, in place of reading and checking one
 * after the other (class-data sharing).
 *
 * @param runtime that will map the archive, and no other one
 * @param jars the class path, in its order; with the names and times that they will have
 * @param options what the JVM will be started with
 * @param classes what is in it besides Java's own, one a line
 */
record ClassArchive(Path runtime, List<Path> jars, List<String> options, String classes) {
  private static final int ATTEMPTS = 8;

  /** Writes an archive into a file. */
  @FunctionalInterface
  interface Dump {
    void to(Path file) throws IOException, InterruptedException;
  }

  /** What gitd loads until a push has been deployed; docs/decisions/images.md. */
  static String ofGitd() throws IOException {
    String name = "gitd.classes";
    try (InputStream list =
        Objects.requireNonNull(ClassArchive.class.getResourceAsStream(name), name)) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Writes it, each time the same.
   *
   * @param folder made new
   */
  void write(Path archive, Path folder) throws IOException, InterruptedException {
    Folders.empty(folder);
    Path list = folder.resolve("all.classes");
    Files.writeString(list, Files.readString(runtime.resolve("lib/classlist")) + classes);
    Path agreed =
        agreed(
            folder,
            file ->
                Tool.run(
                    folder, runtime.resolve("bin/java").toString(), arguments(list, folder, file)));
    Files.copy(agreed, archive, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * The first that has come out twice: about one in twenty is not like the others, and nobody knows
   * why.
   */
  static Path agreed(Path folder, Dump dump) throws IOException, InterruptedException {
    var different = new ArrayList<Path>();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Path archive = folder.resolve(attempt + ".jsa");
      dump.to(archive);
      for (Path earlier : different) {
        if (Files.mismatch(earlier, archive) < 0) {
          return earlier;
        }
      }
      different.add(archive);
    }
    throw new IOException("Of %d class archives no two are the same".formatted(ATTEMPTS));
  }

  private List<String> arguments(Path list, Path folder, Path file) {
    var arguments = new ArrayList<>(options);
    arguments.addAll(
        List.of(
            // In a heap that grows, objects would lie where chance puts them.
            "-Xms256m",
            "-Xmx256m",
            "-Xshare:dump",
            "-XX:SharedClassListFile=" + list,
            "-XX:SharedArchiveFile=" + file,
            // Of classes that there are no more.
            "-Xlog:disable",
            "-Xlog:all=error",
            "-cp",
            // From there, since the archive names them, and not this machine's folders.
            jars.stream()
                .map(jar -> folder.relativize(jar).toString())
                .collect(Collectors.joining(File.pathSeparator))));
    return arguments;
  }
}
