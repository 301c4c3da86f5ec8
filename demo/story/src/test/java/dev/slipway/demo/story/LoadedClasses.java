package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Writes the list of classes out of which the class archive of gitd's image is made: those that a
 * gitd has loaded when it has deployed a push, as its JVM says at its end, besides those that are
 * in the list already, such as front's. {@code make classes}
 */
@ExtendWith(SharedSlipway.Resolver.class)
class LoadedClasses {
  private static final Path LIST =
      SharedSlipway.HOME.resolve("images/src/main/resources/dev/slipway/images/gitd.classes");

  /** Which are in each archive anyway. */
  private static final Path OF_JAVA =
      SharedSlipway.HOME.resolve("images/target/runtime/lib/classlist");

  @Test
  void areWhatTheImageBringsLaidOut(SharedSlipway shared) throws Exception {
    Playground playground = Playground.layOut("classes", shared);
    Checkout checkout = playground.checkout();
    checkout
        .write("Dockerfile", RefusedPush.DOCKERFILE)
        .write("page/index.html", "Classes")
        .commit("Classes");
    assertThat(checkout.push(line -> {}).text()).contains("=====> Deployed ");
    // Whose JVM then writes what it was asked for by the option in the Makefile.
    playground.kubectl("delete", "pods", "-l", "app.kubernetes.io/name=gitd");

    List<String> loaded = Files.readAllLines(ofTheFirst(playground.witness().repository()));
    Files.write(LIST, sorted(Files.readAllLines(LIST), loaded, Files.readAllLines(OF_JAVA)));
  }

  /** Beside the repository; the gitd that comes after the deleted one has begun a list too. */
  private static Path ofTheFirst(Path repository) throws IOException {
    try (Stream<Path> files = Files.list(repository.resolveSibling("."))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("loaded."))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  /** Only what is the same in another run: no numbers, no places in constant pools. */
  private static Collection<String> sorted(
      List<String> listed, List<String> loaded, List<String> ofJava) {
    var sorted = new TreeSet<String>(listed);
    loaded.stream()
        .filter(line -> !line.startsWith("#") && !line.startsWith("@cp "))
        .map(line -> line.replaceFirst(" id: .*", ""))
        .forEach(sorted::add);
    sorted.removeAll(Set.copyOf(ofJava));
    return sorted;
  }
}
