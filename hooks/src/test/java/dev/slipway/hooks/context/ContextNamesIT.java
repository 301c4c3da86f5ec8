package dev.slipway.hooks.context;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names in every encoding, out of a tree that the real git made, each byte as it was. */
class ContextNamesIT {
  private static final byte[] LATIN_1 = "gr\u00f6\u00dfe".getBytes(ISO_8859_1);
  private static final byte[] UTF_8_NAME = "gr\u00f6\u00dfe".getBytes(UTF_8);

  @TempDir private Path folder;
  private String tree;

  /** {@code fetch-context}, as in a container whose image sets no locale. */
  static final class Fetch {
    public static void main(String[] arguments) {
      System.exit(FetchContext.run(arguments));
    }
  }

  @BeforeEach
  void makeTree() throws Exception {
    run(new byte[0], "git", "init", "-q", "--bare", ".");
    String blob = text(run(LATIN_1, "git", "hash-object", "-w", "--stdin"));
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    entry(entries, "100644 blob " + blob, LATIN_1);
    entry(entries, "100644 blob " + blob, UTF_8_NAME);
    entry(
        entries,
        "100644 blob " + blob,
        "\u65e5\u672c\u8a9e".getBytes(Charset.forName("Shift_JIS")));
    entry(entries, "100644 blob " + blob, "\u00e9".repeat(200).getBytes(ISO_8859_1));
    entry(entries, "100644 blob " + blob, "\u00e9".repeat(120).getBytes(UTF_8));
    entry(entries, "100644 blob " + blob, "a b\n%41\\".getBytes(UTF_8));
    // Its content is the name of the first.
    entry(entries, "120000 blob " + blob, "link".getBytes(UTF_8));
    String below = text(run(entries.toByteArray(), "git", "mktree", "-z"));
    entry(entries, "040000 tree " + below, "d\u00fc".getBytes(ISO_8859_1));
    tree = text(run(entries.toByteArray(), "git", "mktree", "-z"));
  }

  @Test
  void realTarUnpacksTheNamesThatGitHas() throws Exception {
    try (Repository repository = new FileRepository(folder.toFile());
        OutputStream tar = Files.newOutputStream(folder.resolve("context.tar"))) {
      ContextTar.write(repository, source(), tar);
    }
    Path into = Files.createDirectory(folder.resolve("into"));

    run(new byte[0], "tar", "-xf", "context.tar", "-C", into.toString());

    assertThat(names(into)).containsExactlyInAnyOrderElementsOf(gitNames());
    assertThat(run(new byte[0], "readlink", "-n", into + "/context/link")).isEqualTo(LATIN_1);
  }

  @Test
  void fetchContextDoesSoInAnyLocale() throws Exception {
    Path into = Files.createDirectory(folder.resolve("into"));
    BuildContexts contexts = new BuildContexts();
    try (Repository repository = new FileRepository(folder.toFile());
        BuildContextServer server = BuildContextServer.start(0, contexts)) {
      BuildContexts.Offer offer = contexts.offer("b1", repository, source());
      Files.writeString(folder.resolve("token"), offer.token());

      run(
          new byte[0],
          ProcessHandle.current().info().command().orElse("java"),
          "-cp",
          System.getProperty("java.class.path"),
          Fetch.class.getName(),
          "--url=http://127.0.0.1:%d/contexts/b1".formatted(server.port()),
          "--token-file=" + folder.resolve("token"),
          "--sha256=" + offer.sha256(),
          "--into=" + into,
          "--termination-log=" + folder.resolve("termination-log"));
    }

    assertThat(names(into)).containsExactlyInAnyOrderElementsOf(gitNames());
    assertThat(run(new byte[0], "readlink", "-n", into + "/context/link")).isEqualTo(LATIN_1);
  }

  private ContextSource source() {
    return new ContextSource.OfCommit(
        ObjectId.fromString(tree), Instant.parse("2026-11-21T08:00:00Z"));
  }

  /** Each byte a character. */
  private List<String> gitNames() throws Exception {
    return names(run(new byte[0], "git", "ls-tree", "-r", "-z", "--name-only", tree));
  }

  private List<String> names(Path unpacked) throws Exception {
    return names(
        run(new byte[0], "find", unpacked + "/context", "!", "-type", "d", "-printf", "%P\\0"));
  }

  private static List<String> names(byte[] separated) {
    return Stream.of(new String(separated, ISO_8859_1).split("\0", -1))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static void entry(ByteArrayOutputStream entries, String what, byte[] name) {
    entries.writeBytes((what + "\t").getBytes(UTF_8));
    entries.writeBytes(name);
    entries.write(0);
  }

  private static String text(byte[] output) {
    return new String(output, UTF_8).strip();
  }

  /** What a program prints; it has to succeed. */
  private byte[] run(byte[] input, String... argv) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(argv).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().putAll(Map.of("LC_ALL", "POSIX", "GIT_CONFIG_NOSYSTEM", "1"));
    Process process = builder.redirectError(folder.resolve("errors").toFile()).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input);
    }
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor())
        .as(Files.readString(folder.resolve("errors"), ISO_8859_1))
        .isZero();
    return output;
  }
}
