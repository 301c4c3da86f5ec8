package dev.slipway.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * The bounded run of a fuzz test: each seed beside the test in {@code <name of the class>/}, among
 * them all former findings, and a number of inputs made of them, the same ones every time. Jazzer
 * does it longer and looks where it gets: {@code make fuzz}.
 */
public final class FuzzRun {
  private static final int MUTATIONS = Integer.getInteger("slipway.fuzz.runs", 500);
  private static final long SEED = 20_261_121;

  /** An input of some kilobytes takes a millisecond; only what explodes takes so much longer. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private FuzzRun() {}

  /**
   * Runs it.
   *
   * @throws AssertionError with the input that broke a promise, or that took forever
   */
  public static void of(Class<?> test, FuzzTarget target) {
    of(test, target, MUTATIONS);
  }

  /** Runs one of which a single input takes long. */
  public static void of(Class<?> test, FuzzTarget target, int mutationsAtMost) {
    List<Path> seeds = seeds(test);
    seeds.forEach(seed -> run(target, read(seed), seed.getFileName().toString()));
    var mutations = new Mutations(seeds.stream().map(FuzzRun::read).toList(), SEED);
    for (int i = 1; i <= Math.min(MUTATIONS, mutationsAtMost); i++) {
      run(target, mutations.next(), "mutation " + i);
    }
  }

  private static void run(FuzzTarget target, byte[] input, String name) {
    long start = System.nanoTime();
    try {
      target.accept(input);
    } catch (Exception | AssertionError | StackOverflowError e) {
      throw new AssertionError(told(name, input, "breaks a promise"), e);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (took.compareTo(LIMIT) > 0) {
      throw new AssertionError(told(name, input, "took " + took));
    }
  }

  private static String told(String name, byte[] input, String what) {
    return "%s %s; its bytes in base64: %s"
        .formatted(name, what, Base64.getEncoder().encodeToString(input));
  }

  /** In the order of names, without which the mutations would not be the same everywhere. */
  private static List<Path> seeds(Class<?> test) {
    URL directory = test.getResource(test.getSimpleName() + "/");
    if (directory == null) {
      throw new IllegalStateException("no seeds beside " + test.getName());
    }
    try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
      return files.sorted().toList();
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("no seeds in " + directory, e);
    }
  }

  private static byte[] read(Path seed) {
    try {
      return Files.readAllBytes(seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
