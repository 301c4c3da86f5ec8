package dev.slipway.images;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The part of this JDK that the programs need, linked to a runtime of its own. */
final class JavaRuntime {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  private JavaRuntime() {}

  /**
   * Links it, for this machine's kind of processor. Each time in a new process: what jlink writes
   * the second time within one is not what it wrote the first time.
   *
   * @param folder made new
   */
  static Path link(List<Path> jars, Path folder) throws IOException, InterruptedException {
    Folders.delete(folder);
    jdk(
        "jlink",
        List.of(
            "--add-modules=" + modules(jars),
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--compress=zip-6",
            "--generate-cds-archive",
            "--output=" + folder));
    return folder;
  }

  /** By what the classes refer to. */
  private static String modules(List<Path> jars) throws IOException, InterruptedException {
    List<String> names = jars.stream().map(Path::toString).toList();
    var arguments =
        new ArrayList<>(
            List.of(
                "-q",
                "--ignore-missing-deps",
                "--print-module-deps",
                "--multi-release=" + Runtime.version().feature(),
                "--class-path=" + String.join(File.pathSeparator, names)));
    arguments.addAll(names);
    return jdk("jdeps", arguments).strip();
  }

  private static String jdk(String name, List<String> arguments)
      throws IOException, InterruptedException {
    return Tool.run(JDK, JDK.resolve("bin").resolve(name).toString(), arguments);
  }
}
