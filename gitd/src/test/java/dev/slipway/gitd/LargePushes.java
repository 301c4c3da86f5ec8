package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What takes too long for each build, run by {@code make test-long}: it prints times and memory.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LargePushes {
  private static final int MIB = 1 << 20;

  @TempDir static Path folder;
  private static Developer ana;
  private static SmallGitd gitd;

  @BeforeAll
  static void start() throws IOException {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    gitd = SmallGitd.start(folder, ana);
  }

  @AfterAll
  static void stop() {
    gitd.close();
  }

  @Test
  @Order(1)
  void oneFileOf200Megabytes() throws IOException {
    Path project = project("file");
    Noise.write(project.resolve("noise"), 200_000_000);
    ana.commit(project, "README", "one large file\n");

    push("200 MB in one file", project, "file");
  }

  @Test
  @Order(2)
  void packOf200Megabytes() throws IOException {
    Path project = project("pack");
    for (int i = 0; i < 200; i++) {
      Noise.write(project.resolve("noise" + i), 1_000_000);
    }
    ana.commit(project, "README", "many files\n");

    push("200 MB in 200 files", project, "pack");
  }

  @Test
  @Order(3)
  void hundredThousandFiles() throws Exception {
    Path project = project("files");
    Process imported = ana.start(project, List.of("git", "fast-import", "--quiet"));
    try (OutputStream out = new BufferedOutputStream(imported.getOutputStream())) {
      out.write(
          "commit refs/heads/files\ncommitter a <a@b> 1700000000 +0000\ndata 1\nx\n"
              .getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 100_000; i++) {
        String content = "file number " + i + "\n";
        out.write(
            "M 100644 inline d%d/e%d/f%d\ndata %d\n%s\n"
                .formatted(i / 10_000, i / 100, i, content.length(), content)
                .getBytes(StandardCharsets.US_ASCII));
      }
    }
    assertThat(Eventually.exit(imported)).isZero();

    push("100,000 files", project, "files");
  }

  /** Twice as many take twice as long, new ones and old ones. */
  @Test
  @Order(4)
  void thousandsOfRefs() throws Exception {
    Path project = project("refs");
    RawPush raw = new RawPush(ana, gitd, project);
    for (int count : new int[] {2500, 5000, 10_000}) {
      String from = ObjectId.zeroId().name();
      for (String what : List.of("created", "moved")) {
        ana.commit(project, "README", count + what + "\n");
        String commands = raw.many("refs/heads/m" + count + "/", count, from);
        byte[] pack = raw.pack();
        long start = System.nanoTime();
        assertThat(raw.send(commands, pack)).doesNotContain("ng refs");
        System.out.printf("%d refs: %s in %d ms, %s%n", count, what, millis(start), gitd.peaks());
        from = ana.git(project, "rev-parse", "HEAD").out().strip();
      }
    }
  }

  /** A file in which little changes: git sends the change, which takes both in memory. */
  @Test
  @Order(5)
  void changeOfALargeFileIsStoredOrRefusedWithWhatToDo() throws IOException {
    Path project = project("change");
    change(project, 60 * MIB);
    push("a change of 60 MiB", project, "change");
    change(project, 160 * MIB);

    Developer.Ran push = ana.git(project, "push", "-q", "dev", "HEAD:refs/heads/change");

    System.out.println("a change of 160 MiB: " + push.err() + gitd.peaks());
    assertThat(push.err()).contains("gitd has too little memory");
    ana.succeed(ana.git(project, "config", "core.bigFileThreshold", "8m"));
    ana.succeed(ana.git(project, "repack", "-adfq"));
    push("the same, as advised", project, "change");
  }

  /** Two commits of one file, which differ little. */
  private static void change(Path project, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    Files.write(project.resolve("large"), content);
    ana.commit(project, "README", bytes + " bytes\n");
    Arrays.fill(content, bytes / 2, bytes / 2 + 100, (byte) 7);
    Files.write(project.resolve("large"), content);
    ana.commit(project, "README", "changed\n");
  }

  @Test
  @Order(6)
  void allOfItIsRepackedAndCloned() throws IOException {
    Path project = project("small");

    push("a small one", project, "small");

    long start = System.nanoTime();
    // The small one may have come when upkeep had begun.
    Eventually.await().untilAsserted(() -> assertThat(packs()).hasSizeLessThan(3));
    System.out.printf("repacked in %d ms, %s%n", millis(start), gitd.peaks());
    start = System.nanoTime();
    ana.succeed(ana.git(ana.home(), "clone", "-q", "--bare", gitd.url(), "all.git"));
    System.out.printf("cloned in %d ms, %s%n", millis(start), gitd.peaks());
    ana.succeed(ana.git(ana.home().resolve("all.git"), "fsck", "--connectivity-only"));
  }

  private static Path project(String name) {
    Path project = ana.project(name, gitd);
    // What is measured is the way through gitd, not zlib and the search for deltas.
    ana.succeed(ana.git(project, "config", "core.compression", "0"));
    ana.succeed(ana.git(project, "config", "pack.window", name.equals("change") ? "10" : "0"));
    return project;
  }

  private static void push(String what, Path project, String branch) throws IOException {
    String from = branch.equals("files") ? "files" : "HEAD";
    long start = System.nanoTime();
    ana.succeed(ana.git(project, "push", "-q", "dev", from + ":refs/heads/" + branch));
    System.out.printf("%s: pushed in %d ms, %s%n", what, millis(start), gitd.peaks());
  }

  private static long millis(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static List<Path> packs() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("repository/objects/pack"))) {
      return files.filter(file -> file.toString().endsWith(".pack")).toList();
    }
  }
}
