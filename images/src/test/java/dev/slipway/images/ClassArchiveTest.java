package dev.slipway.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  private static final Path JAVA = Path.of(System.getProperty("java.home"));

  private static final String GREETING = Greeting.class.getName().replace('.', '/');

  @TempDir static Path made;
  @TempDir Path folder;

  /** What is started with the archive. */
  static final class Greeting {
    private Greeting() {}

    public static void main(String[] arguments) {
      System.out.println("Good morning");
    }
  }

  @BeforeAll
  static void makeArchive() throws Exception {
    new ClassArchive(JAVA, List.of(jar()), List.of("-XX:+UseSerialGC"), GREETING + "\n")
        .write(made.resolve("app.jsa"), made.resolve("dumps"));
  }

  @Test
  void archiveIsMappedForTheJarsItWasMadeOfWhereverTheyLie() throws Exception {
    assertThat(start(copy(), made.resolve("app.jsa")))
        .contains(Greeting.class.getName() + " source: shared objects file", "Good morning")
        .doesNotContain("[warning]", "[error]");
  }

  @Test
  void programStartsWithoutAnArchiveThatIsForOtherJarsAndTheLogSaysSo() throws Exception {
    Path other = copy();
    Files.setLastModifiedTime(other, FileTime.from(Instant.ofEpochSecond(7)));

    assertThat(start(other, made.resolve("app.jsa")))
        .contains("java.lang.Object source: jrt:/java.base", "Good morning")
        .containsPattern("This file is not the one used .*timestamp has changed");
  }

  @Test
  void programStartsWithoutAnArchiveThatIsMissingAndTheLogSaysSo() throws Exception {
    assertThat(start(copy(), folder.resolve("missing.jsa")))
        .contains("Good morning", "Not a valid shared archive file");
  }

  @Test
  void archiveThatIsNotLikeTheOthersIsNotTaken() throws Exception {
    assertThat(ClassArchive.agreed(folder, write("odd", "same", "same"))).hasContent("same");
  }

  @Test
  void archivesThatNeverAgreeMakeNoImage() {
    assertThatThrownBy(
            () -> ClassArchive.agreed(folder, file -> Files.writeString(file, file.toString())))
        .isInstanceOf(IOException.class)
        .hasMessage("Of 8 class archives no two are the same");
  }

  private static ClassArchive.Dump write(String... contents) {
    Deque<String> left = new ArrayDeque<>(List.of(contents));
    return file -> Files.writeString(file, left.remove());
  }

  private Path copy() throws IOException {
    return Files.copy(
        made.resolve("app.jar"), folder.resolve("app.jar"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static String start(Path jar, Path archive) throws Exception {
    return Tool.run(
        JAVA,
        JAVA.resolve("bin/java").toString(),
        List.of(
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-XX:SharedArchiveFile=" + archive,
            "-Xlog:class+load",
            "-cp",
            jar.toString(),
            Greeting.class.getName()));
  }

  private static Path jar() throws IOException {
    String name = GREETING + ".class";
    Path jar = made.resolve("app.jar");
    try (InputStream in =
            Objects.requireNonNull(Greeting.class.getClassLoader().getResourceAsStream(name));
        OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file)) {
      out.putNextEntry(new ZipEntry(name));
      in.transferTo(out);
    }
    Files.setLastModifiedTime(jar, FileTime.from(Instant.ofEpochSecond(1)));
    return jar;
  }
}
