package dev.slipway.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.RepositoryPath.InvalidPathException;
import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Paths that authors write into a Remote. */
class RepositoryPathFuzzTest {

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    RepositoryPath path;
    try {
      path = RepositoryPath.parse(text);
    } catch (InvalidPathException e) {
      assertThat(e).message().doesNotContainPattern("\\p{Cc}");
      return;
    }
    assertThat(path.value()).doesNotStartWith("/").doesNotContainPattern("[\\p{Cc}\\\\]");
    assertThat(List.of(path.value().split("/"))).doesNotContain("..", ".");
    assertThat(new RepositoryPath(path.value())).isEqualTo(path);
    assertThat(new RepositoryPath("web").resolve(path.value()).value())
        .isEqualTo(path.isRoot() ? "web" : "web/" + path.value());
  }

  @Test
  void pathsThatAreReadLieInTheRepository() {
    FuzzRun.of(RepositoryPathFuzzTest.class, RepositoryPathFuzzTest::fuzzerTestOneInput);
  }
}
