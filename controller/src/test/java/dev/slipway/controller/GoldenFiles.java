package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of {@code in-*.yaml} and what each is expected to give, {@code out-*.yaml}. With {@code
 * -Dslipway.golden.write=true} the latter are written instead of compared.
 */
record GoldenFiles(Path folder) {

  static GoldenFiles in(String name) {
    return new GoldenFiles(Path.of("src/test/resources/golden", name));
  }

  /** Names of the cases; fails when a file belongs to none. */
  List<String> cases() throws IOException {
    List<String> cases = names("in-");
    if (!writing()) {
      assertThat(names("out-")).as("every out- file belongs to an in- file").isEqualTo(cases);
    }
    return cases;
  }

  String input(String name) throws IOException {
    return Files.readString(folder.resolve("in-" + name + ".yaml"));
  }

  void verify(String name, String actual) throws IOException {
    Path expected = folder.resolve("out-" + name + ".yaml");
    if (writing()) {
      Files.writeString(expected, actual);
    }
    assertThat(expected).hasContent(actual);
  }

  private List<String> names(String prefix) throws IOException {
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
