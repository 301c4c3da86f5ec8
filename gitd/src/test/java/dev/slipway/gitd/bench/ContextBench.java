package dev.slipway.gitd.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import dev.slipway.gitd.Eventually;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Reports how long the context of a small folder of a large repository takes, from the moment that
 * it is wanted to its last byte, and what memory contexts take; {@code make bench}.
 */
@Isolated("measures")
class ContextBench {
  private static final int ROUNDS = 15;
  private static final int BLOB = 1 << 16;
  private static final int BLOBS = 16;

  /** Of 1 MB each. */
  private static final int FOLDERS = 1_000;

  private static final String FOLDER = "part7";

  /** Half of what gitd's pod gives it. */
  private static final String HEAP = "128m";

  /** The repository as a whole. */
  private static final String ALL = "";

  @TempDir Path home;

  @Test
  void reportsItsRows() throws Exception {
    Path large = repository("large", FOLDERS);
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    double peakOfFolder;
    double peakOfAll;
    double leftOfAll;
    try (Offering offering = new Offering(large)) {
      for (int round = 0; round < ROUNDS; round++) {
        if (round % 2 == 0) {
          ours.add(seconds(() -> offering.fetch(FOLDER, BLOBS)));
        }
        theirs.add(seconds(() -> archive(large)));
        if (round % 2 == 1) {
          ours.add(seconds(() -> offering.fetch(FOLDER, BLOBS)));
        }
      }
      peakOfFolder = offering.peak();
      offering.fetch(ALL, FOLDERS * BLOBS);
      peakOfAll = offering.peak();
      leftOfAll = offering.left();
    }
    BenchRow.compared(
            "context, 1 MB out of a repository of 1 GB",
            "s",
            ours,
            "git archive, gzip",
            theirs,
            Goal.atMost(1))
        .report();
    reportMemory("peak of memory with it", peakOfFolder, "out of 10 MB", peakOfSmall());
    BenchRow.alone(
            "peak of memory with a context of 1 GB, heap of %s".formatted(HEAP),
            "MiB",
            List.of(peakOfAll),
            Goal.atMost(256))
        .report();
    reportMemory(
        "most that a full collection left of the heap",
        leftOfAll,
        "of 100 MB",
        leftOf(repository("middle", 100), 100));
  }

  private double peakOfSmall() throws IOException, InterruptedException {
    try (Offering offering = new Offering(repository("small", 10))) {
      for (int round = 0; round < ROUNDS; round++) {
        offering.fetch(FOLDER, BLOBS);
      }
      return offering.peak();
    }
  }

  private static double leftOf(Path repository, int folders) throws IOException {
    try (Offering offering = new Offering(repository)) {
      offering.fetch(ALL, folders * BLOBS);
      return offering.left();
    }
  }

  private static void reportMemory(String what, double ours, String against, double other)
      throws IOException {
    BenchRow.compared(what, "MiB", List.of(ours), against, List.of(other), Goal.atMost(1.1))
        .report();
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private static double seconds(Step step) throws IOException, InterruptedException {
    long start = System.nanoTime();
    step.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void archive(Path repository) throws IOException, InterruptedException {
    List<Process> pipe =
        ProcessBuilder.startPipeline(
            List.of(
                new ProcessBuilder("git", "-C", "" + repository, "archive", "HEAD", FOLDER),
                new ProcessBuilder("gzip")));
    try (InputStream archive = pipe.getLast().getInputStream()) {
      assertThat(archive.transferTo(OutputStream.nullOutputStream()))
          .isGreaterThan((long) BLOBS * BLOB);
    }
    for (Process process : pipe) {
      assertThat(Eventually.exit(process)).isZero();
    }
  }

  /** A bare one with one pack of folders of 1 MB that cannot be compressed. */
  private Path repository(String name, int folders) throws IOException, InterruptedException {
    Path repository = home.resolve(name);
    run("git", "init", "-q", "--bare", "-b", "master", "" + repository);
    run("git", "-C", "" + repository, "config", "core.compression", "0");
    Process importing =
        new ProcessBuilder("git", "-C", "" + repository, "fast-import", "--quiet").start();
    byte[] blob = new byte[BLOB];
    Random random = new Random(folders);
    try (OutputStream out = new BufferedOutputStream(importing.getOutputStream(), 2 * BLOB)) {
      say(out, "commit refs/heads/master\ncommitter Ana <ana@example.org> 1 +0000\ndata 0\n");
      for (int i = 0; i < folders * BLOBS; i++) {
        random.nextBytes(blob);
        say(out, "M 644 inline part%d/noise%d\ndata %d\n".formatted(i / BLOBS, i % BLOBS, BLOB));
        out.write(blob);
      }
    }
    assertThat(Eventually.exit(importing)).isZero();
    return repository;
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(Eventually.exit(new ProcessBuilder(command).start())).isZero();
  }

  /** The process that hands contexts over, and the builder's side of it. */
  private static final class Offering implements AutoCloseable {
    private final Process process;
    private final PrintWriter folders;
    private final BufferedReader offers;

    Offering(Path repository) throws IOException {
      process =
          new ProcessBuilder(
                  "" + Path.of(System.getProperty("java.home"), "bin", "java"),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xms8m",
                  "-Xmx" + HEAP,
                  "-Dsun.net.httpserver.nodelay=true",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OfferedContexts.class.getName(),
                  "" + repository)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      folders = new PrintWriter(process.outputWriter(), /* autoFlush= */ true);
      offers = process.inputReader();
    }

    void fetch(String folder, int blobs) throws IOException {
      String[] offer = answer(folder).split(" ", -1);
      HttpURLConnection http = (HttpURLConnection) URI.create(offer[0]).toURL().openConnection();
      http.setRequestProperty("Authorization", "Bearer " + offer[1]);
      try (InputStream context = http.getInputStream()) {
        assertThat(context.transferTo(OutputStream.nullOutputStream()))
            .isGreaterThan((long) blobs * BLOB);
      }
    }

    private String answer(String line) throws IOException {
      folders.println(line);
      return offers.readLine();
    }

    /** Of the heap, by the full collection that left most of it so far. */
    double left() throws IOException {
      return Long.parseLong(answer(OfferedContexts.LEFT)) / (double) (1 << 20);
    }

    double peak() {
      return new ProcessTree(process.toHandle()).peakMebibytes();
    }

    @Override
    public void close() {
      Eventually.await().until(() -> !process.destroyForcibly().isAlive());
    }
  }
}
