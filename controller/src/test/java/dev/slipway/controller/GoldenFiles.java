package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files and what each is expected to give: {@code out-*.yaml}. With {@code
 * -Dslipway.golden.write=true} the latter are written instead of compared.
 *
 * @param inputs where the inputs lie, named {@code <prefix>*.yaml}
 * @param folder where the expected results lie
 */
record GoldenFiles(Path inputs, String prefix, Path folder) {
  private static final Path ROOT = Path.of("src/test/resources/golden");

  /** A folder of {@code in-*.yaml} beside {@code out-*.yaml}. */
  static GoldenFiles in(String name) {
    return new GoldenFiles(ROOT.resolve(name), "in-", ROOT.resolve(name));
  }

  /** All the shapes that Gitkube accepted, as the crd module keeps them. */
  static GoldenFiles ofGitkube() {
    return new GoldenFiles(
        Path.of("../crd/src/test/resources/gitkube"), "", ROOT.resolve("gitkube"));
  }

  /** Names of the cases; fails when a file belongs to none. */
  List<String> cases() throws IOException {
    List<String> cases = names(inputs, prefix);
    if (!writing()) {
      assertThat(names(folder, "out-"))
          .as("every out- file belongs to an in- file")
          .isEqualTo(cases);
    }
    return cases;
  }

  String input(String name) throws IOException {
    return Files.readString(inputs.resolve(prefix + name + ".yaml"));
  }

  void verify(String name, String actual) throws IOException {
    Path expected = folder.resolve("out-" + name + ".yaml");
    if (writing()) {
      Files.writeString(expected, actual);
    }
    assertThat(expected).hasContent(actual);
  }

  private static List<String> names(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .map(name -> name.substring(prefix.length()).replaceFirst("\\.yaml$", ""))
          .sorted()
          .toList();
    }
  }

  private static boolean writing() {
    return Boolean.getBoolean("slipway.golden.write");
  }
}
